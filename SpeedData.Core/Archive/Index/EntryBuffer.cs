using System.Numerics;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>Avro's binary encoding into a buffer that is kept: allocates only where it has to grow. One thread.</summary>
/// <param name="capacity">Bytes to begin with.</param>
internal sealed class EntryBuffer(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Long(long value)
    {
        Reserve(Varint.MaxBytes);
        Length += Varint.Write(_bytes.AsSpan(Length), value);
    }

    /// <summary>A union of null and long.</summary>
    public void OptionalLong(long? value)
    {
        Long(value is null ? 0 : 1);
        if (value is { } known)
            Long(known);
    }

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Long(utf8.Length);
        Append(utf8);
    }

    /// <summary>Room for so many numbers, to be written to directly; take what was used with <see cref="Advance"/>.</summary>
    public Span<byte> RoomForLongs(int count)
    {
        Reserve(count * Varint.MaxBytes);
        return _bytes.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length < more)
            Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + more)));
    }
}
