namespace SpeedData.Core.Container;

/// <summary>Looks at a source through a buffer, so that many small blocks cost few reads. One thread.</summary>
internal sealed class ByteWindow(IByteSource source)
{
    private const int Usual = 1 << 20;

    private byte[] _bytes = [];
    private long _from;
    private int _count;

    public long Length => source.Length;

    /// <summary>Up to <paramref name="count"/> bytes, fewer where the source ends. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Look(long at, int count)
    {
        count = (int)Math.Min(count, Math.Max(0, Length - at));
        if (at < _from || at + count > _from + _count)
            Load(at, count);
        // A file that was cut since it was opened has less.
        int offset = (int)(at - _from);
        return _bytes.AsSpan(offset, Math.Min(count, _count - offset));
    }

    private void Load(long at, int count)
    {
        if (_bytes.Length < count || _bytes.Length == 0)
            _bytes = GC.AllocateUninitializedArray<byte>((int)Math.Max(count, Math.Min(Usual, Length)));
        _from = at;
        _count = 0;
        _count = source.Read(at, _bytes);
    }
}
