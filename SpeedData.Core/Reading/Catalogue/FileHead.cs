using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>The description of a file without its blocks: its header, and the first and last entry of its index.</summary>
public sealed record FileHead(ListedFile File, long Bytes, RecordLayout? Layout, string? Schema, string Codec, string? Fault)
{
    // A small window, because ten thousand heads may be read at once.
    private const int Window = 16 << 10;

    public TimeField? Time { get; init; }

    /// <summary>Whether the channel has files of other schemas that cover the same time.</summary>
    internal bool IsAlternative { get; init; }

    /// <summary>CRC-32C of the file's header.</summary>
    internal uint HeaderCrc { get; init; }

    /// <summary>Number of records that the process had archived before the file's first one; null if unknown.</summary>
    public long? Ordinal { get; init; }

    /// <summary>Time of receipt of the first record; null without an index.</summary>
    public long? ReceivedFirstNs { get; init; }

    /// <summary>Time of receipt of the last record in the index.</summary>
    public long? ReceivedLastNs { get; init; }

    public long? DeviceFirstNs { get; init; }

    public long? DeviceLastNs { get; init; }

    /// <summary>Whether the file is unfinished and empty.</summary>
    public bool IsEmptyPart => File.IsPart && Bytes == 0;

    /// <summary>Whether the file has a header but no block.</summary>
    internal bool HasNoBlock { get; init; }

    /// <summary>End of the last block in the index; 0 for none.</summary>
    internal long IndexedBytes { get; init; }

    /// <summary>Whether the index covers the whole file.</summary>
    public bool IsIndexed { get; init; }

    /// <returns>Null if the file does not exist.</returns>
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

    /// <summary>Whether the file may have records in a range.</summary>
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
