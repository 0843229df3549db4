namespace SpeedData.Core.Export;

/// <summary>
/// A growing text buffer. A caller reserves room before it writes, so that a value costs no more than its bytes. One thread.
/// </summary>
public sealed class RowText
{
    private byte[] _bytes = new byte[64 << 10];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Returns bytes that were written earlier, to be corrected.</summary>
    public Span<byte> Put(int at, int length) => _bytes.AsSpan(at, length);

    public void Clear() => Length = 0;

    /// <summary>Returns room for at least <paramref name="bytes"/> bytes.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, checked((int)Math.Min(Array.MaxLength, Math.Max((long)Length + bytes, 2L * _bytes.Length))));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Put(byte one)
    {
        Room(1)[0] = one;
        Length++;
    }
}
