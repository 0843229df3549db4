namespace SpeedData.Core.Container;

/// <summary>Where decoded data goes: grows with what there is, not with what is claimed, and only so far. One thread.</summary>
internal sealed class DecodeBuffer(int most)
{
    private const int First = 256 << 10;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Room behind what is there; none where there is as much as may be.</summary>
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
