using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Inspect;

/// <summary>What a file is.</summary>
public enum FileRole
{
    /// <summary>A container file.</summary>
    Archive,

    /// <summary>A container file that was not finished.</summary>
    Part,

    /// <summary>The index of an archive.</summary>
    Index,
}

/// <summary>What is known of an archive's index.</summary>
public enum IndexState
{
    /// <summary>None lies beside it.</summary>
    None,

    /// <summary>It was compared with the archive.</summary>
    Used,

    /// <summary>There is one, and it cannot be used.</summary>
    Unusable,
}

/// <summary>What verify found in one file.</summary>
public sealed class FileReport(string path, FileRole role)
{
    public string Path => path;

    public FileRole Role => role;

    public long Bytes { get; internal set; }

    /// <summary>Avro's name of the codec; null if the header cannot be read.</summary>
    public string? Codec { get; internal set; }

    /// <summary>The full name of the records' type, or what type the values are; null if the schema cannot be used.</summary>
    public string? Schema { get; internal set; }

    /// <summary>The channel that SpeedData wrote it for; null if another did.</summary>
    public string? Channel { get; internal set; }

    /// <summary>Blocks in which no fault was found.</summary>
    public long Blocks { get; internal set; }

    /// <summary>Their records.</summary>
    public long Records { get; internal set; }

    /// <summary>Damaged parts.</summary>
    public long DamagedBlocks { get; internal set; }

    /// <summary>Records in damaged or missing blocks, according to the index.</summary>
    public long RecordsLost { get; internal set; }

    /// <summary>Whether the records were looked into; else only the framing was.</summary>
    public bool LooksInside { get; internal set; }

    /// <summary>Whether a server is writing it.</summary>
    public bool IsBeingWritten { get; internal set; }

    public IndexState Index { get; internal set; }

    /// <summary>Entries of the index that could be read.</summary>
    public long IndexEntries { get; internal set; }

    /// <summary>Unix time in ns at which the first record came, by the index; null if that is not known.</summary>
    public long? ReceivedFirstNs { get; internal set; }

    public long? ReceivedLastNs { get; internal set; }

    /// <summary>The time field of the first record, as Unix time in ns; null if there is none.</summary>
    public long? DeviceFirstNs { get; internal set; }

    public long? DeviceLastNs { get; internal set; }

    /// <summary>Datagrams that the channel dropped while it was written, by the index.</summary>
    public IndexDrops Dropped { get; internal set; }

    /// <summary>Of the counter field; null if none was asked for, or the file has none.</summary>
    public CounterTally? Counter { get; internal set; }

    /// <summary>The tag that keeps it, if the channel's folder does not have it any more.</summary>
    public string? OnlyInTag { get; internal set; }

    public FindingList Findings { get; } = new();

    /// <summary>What may be right, but a person should look at: holes in time, or a time field in the wrong unit.</summary>
    public FindingList Warnings { get; } = new();

    /// <summary>Records archived before its first, since the process began.</summary>
    internal long? FirstOrdinal { get; set; }

    /// <summary>The unit in which the time field was read.</summary>
    internal long TimeUnitNs { get; set; } = 1;

    /// <summary>Notes that are no findings, one line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    private readonly List<string> _notes = [];

    internal void Note(string line) => _notes.Add(line);

    internal void SetReceived(long? first, long? last)
    {
        ReceivedFirstNs ??= first;
        ReceivedLastNs = last ?? ReceivedLastNs;
    }
}
