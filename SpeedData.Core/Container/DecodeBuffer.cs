namespace SpeedData.Core.Container;

/// <summary>
/// Buffer for decoded data. It grows with the data that there is, not with what is claimed, up to a limit. One thread.
/// </summary>
internal sealed class DecodeBuffer(int most)
{
    private const int First = 256 << 10;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Free room behind the data; none at the limit.</summary>
    public Span<byte> Room()
    {
        if (Length == _bytes.Length && Length < most)
            Array.Resize(ref _bytes, (int)Math.Clamp(2L * _bytes.Length, Math.Min(First, most), most));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Room for exactly so many bytes.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, Length + bytes);
        return _bytes.AsSpan(Length, bytes);
    }

    public void Add(int bytes) => Length += bytes;

    public void Clear() => Length = 0;
}
