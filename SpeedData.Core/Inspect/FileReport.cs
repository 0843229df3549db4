using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Inspect;

/// <summary>The role of a file, by its name.</summary>
public enum FileRole
{
    /// <summary>A container file.</summary>
    Archive,

    /// <summary>An unfinished container file.</summary>
    Part,

    /// <summary>The index of an archive.</summary>
    Index,
}

/// <summary>The state of an archive's index.</summary>
public enum IndexState
{
    /// <summary>The archive has no index.</summary>
    None,

    /// <summary>The index was compared with the archive.</summary>
    Used,

    /// <summary>The index exists but cannot be used.</summary>
    Unusable,
}

/// <summary>The result of verifying one file.</summary>
public sealed class FileReport(string path, FileRole role)
{
    public string Path => path;

    public FileRole Role => role;

    public long Bytes { get; internal set; }

    /// <summary>Avro's name of the codec; null if the header cannot be read.</summary>
    public string? Codec { get; internal set; }

    /// <summary>Full name of the record type, or the name of another type; null if the schema cannot be used.</summary>
    public string? Schema { get; internal set; }

    /// <summary>The channel that the file belongs to; null if SpeedData did not write the file.</summary>
    public string? Channel { get; internal set; }

    /// <summary>Number of blocks without a fault.</summary>
    public long Blocks { get; internal set; }

    /// <summary>Number of records in these blocks.</summary>
    public long Records { get; internal set; }

    /// <summary>Number of damaged parts.</summary>
    public long DamagedBlocks { get; internal set; }

    /// <summary>Number of records in damaged or missing blocks, according to the index.</summary>
    public long RecordsLost { get; internal set; }

    /// <summary>Whether records were checked. If not, only the framing was.</summary>
    public bool LooksInside { get; internal set; }

    /// <summary>Whether a server is writing the file.</summary>
    public bool IsBeingWritten { get; internal set; }

    public IndexState Index { get; internal set; }

    /// <summary>Number of readable entries in the index.</summary>
    public long IndexEntries { get; internal set; }

    /// <summary>Time of receipt of the first record, from the index, as Unix time in ns; null if unknown.</summary>
    public long? ReceivedFirstNs { get; internal set; }

    public long? ReceivedLastNs { get; internal set; }

    /// <summary>Time field of the first record, as Unix time in ns; null for none.</summary>
    public long? DeviceFirstNs { get; internal set; }

    public long? DeviceLastNs { get; internal set; }

    /// <summary>Datagrams that the channel dropped while the file was written, from the index.</summary>
    public IndexDrops Dropped { get; internal set; }

    /// <summary>Result for the counter field; null if no counter was requested or the file has none.</summary>
    public CounterTally? Counter { get; internal set; }

    /// <summary>The tag that keeps the file, if the channel's folder no longer has it.</summary>
    public string? OnlyInTag { get; internal set; }

    public FindingList Findings { get; } = new();

    /// <summary>Warnings for a person to check: holes in time, or a time field with the wrong unit.</summary>
    public FindingList Warnings { get; } = new();

    /// <summary>Records that the process had archived before the file's first one.</summary>
    internal long? FirstOrdinal { get; set; }

    /// <summary>Unit of the time field, as it was read.</summary>
    internal long TimeUnitNs { get; set; } = 1;

    /// <summary>Notes that are not findings, one line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    private readonly List<string> _notes = [];

    internal void Note(string line) => _notes.Add(line);

    internal void SetReceived(long? first, long? last)
    {
        ReceivedFirstNs ??= first;
        ReceivedLastNs = last ?? ReceivedLastNs;
    }
}
