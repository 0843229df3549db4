using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>Reads the values of records that were checked against their layout before. For one use.</summary>
internal ref struct RecordBytes(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Long()
    {
        int at = Position;
        long value = Varint.Read(_bytes, ref at);
        Position = at;
        return value;
    }

    public T Fixed<T>()
        where T : unmanaged
    {
        T value = MemoryMarshal.Read<T>(_bytes[Position..]);
        Position += Unsafe.SizeOf<T>();
        return value;
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, length);
        Position += length;
        return taken;
    }

    /// <summary>Reads a length and that many bytes.</summary>
    public ReadOnlySpan<byte> Counted() => Take((int)Long());

    /// <summary>Reads the number of items that follow, 0 for none. Skips the size in bytes that may follow the number.</summary>
    public long Items()
    {
        long count = Long();
        if (count < 0)
            Long();
        return Math.Abs(count);
    }
}
