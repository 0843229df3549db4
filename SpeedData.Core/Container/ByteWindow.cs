namespace SpeedData.Core.Container;

/// <summary>Reads a source through a buffer, so that many small blocks cost few reads. One thread.</summary>
internal sealed class ByteWindow(IByteSource source, int usual)
{
    private byte[] _bytes = [];
    private long _from;
    private int _count;

    public long Length => source.Length;

    /// <summary>Returns up to <paramref name="count"/> bytes, fewer at the end of the source. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Look(long at, int count)
    {
        count = (int)Math.Min(count, Math.Max(0, Length - at));
        if (!Holds(at, count))
            Load(at, count);
        // The file is shorter if it was cut after it was opened.
        int offset = (int)(at - _from);
        return _bytes.AsSpan(offset, Math.Min(count, _count - offset));
    }

    /// <summary>Copies a few bytes without moving the buffer, so that looking far ahead does not cause data to be read twice.</summary>
    /// <returns>The number of bytes copied; fewer than requested at the end of the source.</returns>
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
