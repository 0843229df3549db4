using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// The index of a repaired file: for a block that was copied unchanged its old entry, for others what can be known. One thread.
/// </summary>
internal sealed class RepairedIndex(ContainerWriter writer, RepairReport report) : IDisposable
{
    private readonly EntryBuffer _bytes = new(4 << 10);

    /// <exception cref="RepairOutputException">It cannot be written.</exception>
    public static RepairedIndex Begin(ContainerWriter writer, RepairJob job, string channel, ReadOnlySpan<byte> archiveHeader, RepairReport report)
    {
        byte[] header = IndexSchema.Header(channel, Path.GetFileName(job.Target), archiveHeader, writer.Sync);
        writer.Begin(header.AsSpan(0, header.Length - writer.Sync.Length));
        return new RepairedIndex(writer, report);
    }

    /// <summary>Adds the entry of a block.</summary>
    /// <param name="block">As it was written.</param>
    /// <param name="records">Records in it.</param>
    /// <param name="old">What the old index said of it; null if nothing.</param>
    /// <param name="device">The time field of its first and last record.</param>
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

    /// <summary>Records are saved from a block's start, so what is known of its first record still holds.</summary>
    private static IndexEntry Partly(IndexEntry? old, (long? First, long? Last) device) => new()
    {
        Ordinal = old?.Ordinal,
        ReceivedFirstNs = old?.ReceivedFirstNs,
        Dropped = old?.Dropped,
        DeviceFirstNs = device.First,
        DeviceLastNs = device.Last,
    };
}
