using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>
/// Reads the framing of an object container file that may be cut or changed anywhere, or malicious. It trusts no number it reads,
/// bounds its memory (<see cref="MaxBlock"/>) and time, and throws only the device's errors (<see cref="IOException"/>). One
/// thread.
/// </summary>
public sealed class ContainerReader
{
    /// <summary>The largest block data that is read, in bytes.</summary>
    public const int MaxBlock = 256 << 20;

    /// <summary>The number of bytes per read if many blocks are read.</summary>
    public const int UsualWindow = 1 << 20;

    private const int SearchWindow = 1 << 20;

    private readonly ByteWindow _window;

    private ContainerReader(ByteWindow window, ContainerHeader header)
    {
        _window = window;
        Header = header;
    }

    public ContainerHeader Header { get; }

    /// <summary>The size of the file in bytes.</summary>
    public long Length => _window.Length;

    /// <param name="source">The file.</param>
    /// <param name="fault">Why the file has no header.</param>
    /// <param name="window">The number of bytes per read.</param>
    /// <returns>Null if the file has no header. <paramref name="fault"/> then has the reason.</returns>
    public static ContainerReader? Open(IByteSource source, out ContainerFault? fault, int window = UsualWindow) => Open(source, new ByteWindow(source, window), out fault);

    private static ContainerReader? Open(IByteSource source, ByteWindow window, out ContainerFault? fault)
    {
        // Most headers are far smaller than the window. Only a large one is read again.
        const int Usual = 64 << 10;
        ContainerHeader? header = ReadHeader(window, Usual, out fault);
        if (header is null && source.Length > Usual)
            header = ReadHeader(window, HeaderReader.MaxLength, out fault);
        return header is null ? null : new ContainerReader(window, header);
    }

    /// <summary>Reads a file with a given header, because the file's own header is missing or damaged.</summary>
    /// <param name="source">The file.</param>
    /// <param name="header">The header. Its length is the offset of the first block.</param>
    internal static ContainerReader Over(IByteSource source, ContainerHeader header) => new(new ByteWindow(source, UsualWindow), header);

    /// <summary>Returns a reader of the same file with another sync marker. Do not use this reader afterwards.</summary>
    internal ContainerReader WithSync(byte[] sync) => new(_window, Header with { Sync = sync });

    /// <summary>Reads the two numbers at the start of a block, and checks that the block is complete.</summary>
    /// <param name="at">The offset of the block; below <see cref="Length"/>.</param>
    /// <param name="frame">The block's framing. If its numbers cannot be read, only its offset is set.</param>
    /// <returns>Null for a complete block, otherwise its fault.</returns>
    public ContainerFault? ReadFrame(long at, out BlockFrame frame)
    {
        frame = new BlockFrame(at, 0, at, 0);
        Span<byte> buffer = stackalloc byte[2 * Varint.MaxBytes];
        ReadOnlySpan<byte> numbers = buffer[.._window.Peek(at, buffer)];
        int used = 0;
        if (Number(numbers, at, "count", ref used, out long records) is { } badCount)
            return badCount;
        if (Number(numbers, at, "size", ref used, out long size) is { } badSize)
            return badSize;
        long dataOffset = at + used;
        frame = new BlockFrame(at, records, dataOffset, size);
        if (size > Length - dataOffset - ContainerHeader.SyncLength)
            return new ContainerFault(ContainerFaultKind.Truncated, at, $"the block states {size:N0} bytes of data, and the file ends {Length - dataOffset:N0} bytes after its numbers");
        if (!IsSync(frame.DataEnd))
            return new ContainerFault(ContainerFaultKind.SyncMismatch, frame.DataEnd, $"the block at {at:N0} states {size:N0} bytes of data, but no sync marker follows them");
        return size > MaxBlock
            ? new ContainerFault(ContainerFaultKind.TooLarge, at, $"the block has {size:N0} bytes of data; at most {MaxBlock:N0} are read")
            : null;
    }

    /// <summary>Returns bytes of the file, fewer at its end. Valid until the next call of this reader.</summary>
    public ReadOnlySpan<byte> Bytes(long at, int length) => _window.Look(at, length);

    /// <summary>Returns the data of a complete block. Valid until the next call of this reader.</summary>
    public ReadOnlySpan<byte> Data(in BlockFrame frame) => _window.Look(frame.DataOffset, (int)frame.DataLength);

    /// <summary>Searches for the next sync marker.</summary>
    /// <param name="from">The offset at which the search begins.</param>
    /// <param name="stop">Stops the search, which may take long.</param>
    /// <returns>The offset of the first sync marker at or after <paramref name="from"/>; -1 if there is none.</returns>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public long FindSync(long from, CancellationToken stop = default) => FindSync(from, Length, stop);

    /// <summary>Searches for the next sync marker that ends at or before <paramref name="end"/>.</summary>
    public long FindSync(long from, long end, CancellationToken stop)
    {
        while (end - from >= ContainerHeader.SyncLength)
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> bytes = _window.Look(from, (int)Math.Min(SearchWindow, end - from));
            int found = bytes.IndexOf(Header.Sync);
            if (found >= 0)
                return from + found;
            if (bytes.Length < ContainerHeader.SyncLength)
                break;
            from += bytes.Length - ContainerHeader.SyncLength + 1;
        }

        return -1;
    }

    private static ContainerHeader? ReadHeader(ByteWindow window, int most, out ContainerFault? fault)
    {
        ReadOnlySpan<byte> begin = window.Look(0, most);
        return new HeaderReader(begin).Read(isWhole: begin.Length < most || begin.Length == window.Length, out fault);
    }

    private bool IsSync(long at)
    {
        Span<byte> bytes = stackalloc byte[ContainerHeader.SyncLength];
        return _window.Peek(at, bytes) == bytes.Length && bytes.SequenceEqual(Header.Sync);
    }

    private static ContainerFault? Number(ReadOnlySpan<byte> bytes, long offset, string what, ref int used, out long value)
    {
        value = 0;
        int length = Varint.Measure(bytes[used..]);
        if (length == Varint.Truncated)
            return new ContainerFault(ContainerFaultKind.Truncated, offset + used, $"the file ends inside the {what} of a block");
        if (length == Varint.TooLong)
            return new ContainerFault(ContainerFaultKind.BadNumber, offset + used, $"the {what} of the block is not a number");
        value = Varint.Decode(bytes.Slice(used, length));
        if (value < 0)
            return new ContainerFault(ContainerFaultKind.BadNumber, offset + used, $"the {what} of the block is {value:N0}");
        used += length;
        return null;
    }
}
