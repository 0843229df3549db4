using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Writes the index of a repaired file: the old entry for a block copied unchanged, and the known values for other blocks. One thread.
/// </summary>
internal sealed class RepairedIndex(ContainerWriter writer, RepairReport report) : IDisposable
{
    private readonly EntryBuffer _bytes = new(4 << 10);

    /// <exception cref="RepairOutputException">The index cannot be written.</exception>
    public static RepairedIndex Begin(ContainerWriter writer, RepairJob job, string channel, ReadOnlySpan<byte> archiveHeader, RepairReport report)
    {
        byte[] header = IndexSchema.Header(channel, Path.GetFileName(job.Target), archiveHeader, writer.Sync);
        writer.Begin(header.AsSpan(0, header.Length - writer.Sync.Length));
        return new RepairedIndex(writer, report);
    }

    /// <summary>Adds the entry of a block.</summary>
    /// <param name="block">The written block.</param>
    /// <param name="records">Number of records in the block.</param>
    /// <param name="old">The block's entry in the old index; null for none.</param>
    /// <param name="device">The time field of the block's first and last record.</param>
    public void Add(in WrittenBlock block, long records, IndexEntry? old, (long? First, long? Last) device)
    {
        bool isAll = old is not null && old.Records == records;
        IndexEntry entry = isAll ? old! : Partly(old, device);
        (entry.Offset, entry.Bytes, entry.Records, entry.Crc32C) = (block.Offset, block.Bytes, records, block.Crc32C);
        report.IndexEntriesCopied += isAll ? 1 : 0;
        report.IndexEntriesMade += isAll ? 0 : 1;
        _bytes.Clear();
        IndexEncoding.Write(entry, _bytes);
        writer.Block(1, _bytes.Bytes);
    }

    public void Flush() => writer.Flush();

    public void Dispose()
    {
        writer.Dispose();
        _bytes.Dispose();
    }

    /// <summary>Creates the entry of a partly saved block. The first record is always saved, so its values are kept.</summary>
    private static IndexEntry Partly(IndexEntry? old, (long? First, long? Last) device) => new()
    {
        Ordinal = old?.Ordinal,
        ReceivedFirstNs = old?.ReceivedFirstNs,
        Dropped = old?.Dropped,
        DeviceFirstNs = device.First,
        DeviceLastNs = device.Last,
    };
}
