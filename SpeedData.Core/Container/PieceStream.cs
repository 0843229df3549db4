namespace SpeedData.Core.Container;

/// <summary>
/// A stream over memory that is read in pieces, and from some position on byte by byte. So it shows where a reader stopped, and
/// whether it asked for more than there is. One thread.
/// </summary>
internal sealed unsafe class PieceStream(byte* bytes, int length, int singlyFrom) : Stream
{
    /// <summary>The number of bytes that were read.</summary>
    public int Taken { get; private set; }

    /// <summary>The position of the last piece.</summary>
    public int Piece { get; private set; }

    /// <summary>Whether the reader asked for more bytes than there are.</summary>
    public bool IsExceeded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        IsExceeded |= Taken == length;
        int count = Math.Min(Taken < singlyFrom ? singlyFrom - Taken : 1, Math.Min(buffer.Length, length - Taken));
        new ReadOnlySpan<byte>(bytes + Taken, count).CopyTo(buffer);
        Piece = Taken;
        Taken += count;
        return count;
    }

    // The base class would allocate an array for each byte.
    public override int ReadByte()
    {
        byte one = 0;
        return Read(new Span<byte>(ref one)) == 0 ? -1 : one;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
