namespace SpeedData.Core.Container;

/// <summary>
/// A buffer for decoded data. It grows with the actual data, not with the claimed size, up to a limit. One thread.
/// </summary>
internal sealed class DecodeBuffer(int most)
{
    private const int First = 256 << 10;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Returns the free room after the data; empty at the limit.</summary>
    public Span<byte> Room()
    {
        if (Length == _bytes.Length && Length < most)
            Array.Resize(ref _bytes, (int)Math.Clamp(2L * _bytes.Length, Math.Min(First, most), most));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Returns room for exactly this many bytes.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, Length + bytes);
        return _bytes.AsSpan(Length, bytes);
    }

    public void Add(int bytes) => Length += bytes;

    public void Clear() => Length = 0;
}
