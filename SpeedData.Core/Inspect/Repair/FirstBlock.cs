using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>The first block of a file with a damaged header.</summary>
/// <param name="Offset">Offset of the block.</param>
/// <param name="IsSure">
/// Whether no records precede the block. If not, the first sync marker may be the end of a block that cannot be found.
/// </param>
internal readonly record struct FirstBlock(long Offset, bool IsSure)
{
    // A first block must end within this distance from the start of the file.
    private const int Farthest = 4 << 20;

    // Bytes by which the original header can be longer than a rebuilt one: creation time, host.
    private const int MostOtherEntries = 512;

    /// <param name="source">The file.</param>
    /// <param name="header">The header that replaces the damaged one.</param>
    /// <param name="indexed">Offset of the first block from the index; null without an index.</param>
    /// <param name="stop">Cancels the search.</param>
    public static FirstBlock Find(IByteSource source, ContainerHeader header, long? indexed, CancellationToken stop)
    {
        ContainerReader reader = ContainerReader.Over(source, header with { Length = 0 });
        if (indexed is { } stated && stated < reader.Length && (IsMarker(reader, stated - ContainerHeader.SyncLength) || reader.ReadFrame(stated, out _) is null))
            return new FirstBlock(stated, true);
        long marker = reader.FindSync(0, stop);
        if (marker < 0)
            return new FirstBlock(Math.Min(indexed ?? header.Length, reader.Length), true);
        if (EndsHeader(reader, marker))
            return new FirstBlock(marker + ContainerHeader.SyncLength, true);
        if (BlockBefore(reader, marker, stop) is { } offset)
            return new FirstBlock(offset, true);
        return indexed <= marker ? new FirstBlock(indexed.Value, true) : new FirstBlock(marker + ContainerHeader.SyncLength, marker <= header.Length + MostOtherEntries);
    }

    private static bool IsMarker(ContainerReader reader, long at) => at >= 0 && reader.Bytes(at, ContainerHeader.SyncLength).SequenceEqual(reader.Header.Sync);

    /// <summary>Whether a header ends at the marker: its metadata ends with a text and the zero that ends the map.</summary>
    private static bool EndsHeader(ContainerReader reader, long marker) =>
        marker >= 2 && reader.Bytes(marker - 2, 2) is [>= 0x20 and < 0x7F, 0];

    /// <summary>Finds the complete block of valid records that ends at a marker.</summary>
    private static long? BlockBefore(ContainerReader reader, long marker, CancellationToken stop)
    {
        var check = new BlockCheck(reader.Header);
        for (long at = 0; check.LooksInside && marker <= Farthest && at < marker; at++)
        {
            stop.ThrowIfCancellationRequested();
            if (reader.ReadFrame(at, out BlockFrame frame) is null && frame.DataEnd == marker && frame.Records > 0 && check.Check(reader.Data(frame), frame.Records, out _).IsGood)
                return at;
        }

        return null;
    }
}
