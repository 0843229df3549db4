using System.Buffers;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Writes Avro's binary encoding into a reused buffer. The buffer comes from a pool, because each file has one and a busy channel
/// ends a file every few seconds. One thread at a time.
/// </summary>
/// <param name="capacity">The first size of the buffer in bytes.</param>
internal sealed class EntryBuffer(int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Long(long value)
    {
        Reserve(Varint.MaxBytes);
        Length += Varint.Write(_bytes.AsSpan(Length), value);
    }

    /// <summary>Writes a union of null and long.</summary>
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

    /// <summary>
    /// Reserves space for this many numbers, to be written directly. Then pass the number of used bytes to <see cref="Advance"/>.
    /// </summary>
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

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Length + more);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
