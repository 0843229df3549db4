namespace SpeedData.Core.Container;

/// <summary>Looks at a source through a buffer, so that many small blocks cost few reads. One thread.</summary>
internal sealed class ByteWindow(IByteSource source, int usual)
{
    private byte[] _bytes = [];
    private long _from;
    private int _count;

    public long Length => source.Length;

    /// <summary>Up to <paramref name="count"/> bytes, fewer where the source ends. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Look(long at, int count)
    {
        count = (int)Math.Min(count, Math.Max(0, Length - at));
        if (!Holds(at, count))
            Load(at, count);
        // The file is shorter if it was cut since it was opened.
        int offset = (int)(at - _from);
        return _bytes.AsSpan(offset, Math.Min(count, _count - offset));
    }

    /// <summary>Copies a few bytes and leaves the buffer where it is, so that looking far ahead does not read everything twice.</summary>
    /// <returns>Bytes there are; fewer than asked for where the source ends.</returns>
    public int Peek(long at, Span<byte> into)
    {
        into = into[..(int)Math.Min(into.Length, Math.Max(0, Length - at))];
        if (!Holds(at, into.Length))
            return source.Read(at, into);
        _bytes.AsSpan((int)(at - _from), into.Length).CopyTo(into);
        return into.Length;
    }

    private bool Holds(long at, int count) => at >= _from && at + count <= _from + _count;

    private void Load(long at, int count)
    {
        int wanted = (int)Math.Max(count, Math.Min(usual, Length - at));
        if (_bytes.Length < wanted)
            _bytes = GC.AllocateUninitializedArray<byte>(wanted);
        _from = at;
        _count = 0;
        _count = source.Read(at, _bytes.AsSpan(0, wanted));
    }
}
