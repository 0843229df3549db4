using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>What is known of a file without its blocks: its header, and the first and last entry of its index.</summary>
public sealed record FileHead(ListedFile File, long Bytes, RecordLayout? Layout, string? Schema, string Codec, string? Fault)
{
    // Heads of ten thousand files are read at once.
    private const int Window = 16 << 10;

    public TimeField? Time { get; init; }

    /// <summary>Whether files of other schemas of the channel lie beside it, of the same times.</summary>
    internal bool IsAlternative { get; init; }

    /// <summary>CRC-32C of its header.</summary>
    internal uint HeaderCrc { get; init; }

    /// <summary>Records archived before its first, since the process began; null where it is not known.</summary>
    public long? Ordinal { get; init; }

    /// <summary>When its first record came; null where no index says it.</summary>
    public long? ReceivedFirstNs { get; init; }

    /// <summary>When the last record came that its index knows of.</summary>
    public long? ReceivedLastNs { get; init; }

    public long? DeviceFirstNs { get; init; }

    public long? DeviceLastNs { get; init; }

    /// <summary>Whether nothing was written to it so far.</summary>
    public bool IsEmptyPart => File.IsPart && Bytes == 0;

    /// <summary>Whether no block follows its header.</summary>
    internal bool HasNoBlock { get; init; }

    /// <summary>Where the last block ends that the index describes; 0 where it describes none.</summary>
    internal long IndexedBytes { get; init; }

    /// <summary>Whether the index reaches to the end of the file.</summary>
    public bool IsIndexed { get; init; }

    /// <returns>Null for a file that is gone.</returns>
    internal static FileHead? Read(ListedFile file, SchemaCache schemas)
    {
        using OpenArchive? open = OpenArchive.TryOpen(file, schemas, out string? why, Window);
        if (open is null)
            return System.IO.File.Exists(file.Path) ? new FileHead(file, new FileInfo(file.Path).Length, null, null, "", why) : null;
        ContainerReader reader = open.Reader;
        uint headerCrc = Crc32C.Append(0, reader.Bytes(0, reader.Header.Length));
        var head = new FileHead(open.File, reader.Length, open.Layout, reader.Header.Schema, reader.Header.Codec, open.SchemaFault)
        {
            Time = open.Time,
            HeaderCrc = headerCrc,
            HasNoBlock = reader.Length <= reader.Header.Length,
            IsAlternative = open.IsAlternative,
            Ordinal = long.TryParse(reader.Header.Text(IndexSchema.OrdinalKey), out long ordinal) ? ordinal : null,
        };
        using IndexCursor? index = IndexCursor.TryOpen(open.File.IndexPath, Window);
        return index is not null && index.HeaderCrc == headerCrc && index.MoveNext() ? head.With(index, reader) : head;
    }

    /// <summary>Whether records of it may lie in a range.</summary>
    public bool MayMeet(in TimeRange range) => range.IsOpen || !IsIndexed || (range.Clock == RangeClock.Received
        ? ReceivedFirstNs is not { } first || ReceivedLastNs is not { } last || range.Meets(first, last)
        : DeviceFirstNs is not { } begin || DeviceLastNs is not { } end || range.Meets(begin, end));

    private static bool IsBlockEnd(ContainerReader reader, long at) =>
        at > reader.Header.Length && at <= reader.Length && reader.Bytes(at - ContainerHeader.SyncLength, ContainerHeader.SyncLength).SequenceEqual(reader.Header.Sync);

    private FileHead With(IndexCursor index, ContainerReader reader)
    {
        IndexEntry first = index.Keep();
        if (!index.MoveToLast())
            return this with { ReceivedFirstNs = first.ReceivedFirstNs, DeviceFirstNs = first.DeviceFirstNs };
        IndexEntry last = index.Current!;
        return this with
        {
            ReceivedFirstNs = first.ReceivedFirstNs,
            ReceivedLastNs = last.ReceivedLastNs,
            DeviceFirstNs = first.DeviceFirstNs,
            DeviceLastNs = last.DeviceLastNs,
            IndexedBytes = IsBlockEnd(reader, last.Offset + last.Bytes) ? last.Offset + last.Bytes : 0,
            IsIndexed = !File.IsPart && last.Offset + last.Bytes == Bytes,
        };
    }
}
