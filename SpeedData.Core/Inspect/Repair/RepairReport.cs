namespace SpeedData.Core.Inspect.Repair;

/// <summary>The repair result of one file.</summary>
/// <param name="found">The faults found in the file; each finding says what was done about it.</param>
public sealed class RepairReport(FileReport found)
{
    public FileReport Found => found;

    /// <summary>The path of the repaired file; null if none was written.</summary>
    public string? Target { get; internal set; }

    /// <summary>The path of its index; null if none was written.</summary>
    public string? TargetIndex { get; internal set; }

    /// <summary>Why no file was written; null if there was no error.</summary>
    public string? Trouble { get; internal set; }

    /// <summary>Number of blocks whose data was copied unchanged.</summary>
    public long Blocks { get; internal set; }

    /// <summary>Number of records in these blocks.</summary>
    public long Records { get; internal set; }

    /// <summary>Number of damaged blocks from which records were saved.</summary>
    public long SalvagedBlocks { get; internal set; }

    /// <summary>Number of records saved from damaged blocks. They match the schema, but nothing confirms their values.</summary>
    public long SalvagedRecords { get; internal set; }

    /// <summary>Number of records known to be lost, from the index or a reliable count.</summary>
    public long LostRecords { get; internal set; }

    /// <summary>Bytes left out, except zeros and a block that a server is writing.</summary>
    public long LostBytes { get; internal set; }

    /// <summary>Number of entries copied from the file's index.</summary>
    public long IndexEntriesCopied { get; internal set; }

    /// <summary>Number of rebuilt entries. They lack receive times and sources, or some of them.</summary>
    public long IndexEntriesMade { get; internal set; }

    /// <summary>Whether any recorded data is missing from the result or changed.</summary>
    public bool IsLossy { get; internal set; }
}
