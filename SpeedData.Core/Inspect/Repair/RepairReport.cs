namespace SpeedData.Core.Inspect.Repair;

/// <summary>What became of one file.</summary>
/// <param name="found">What was found in it on the way; each finding says what became of the place.</param>
public sealed class RepairReport(FileReport found)
{
    public FileReport Found => found;

    /// <summary>The file that was written; null if none was.</summary>
    public string? Target { get; internal set; }

    /// <summary>The index that was written with it; null if none was.</summary>
    public string? TargetIndex { get; internal set; }

    /// <summary>Why nothing was written although something should have been; null if all went well.</summary>
    public string? Trouble { get; internal set; }

    /// <summary>Blocks whose data was copied unchanged.</summary>
    public long Blocks { get; internal set; }

    /// <summary>Their records.</summary>
    public long Records { get; internal set; }

    /// <summary>Damaged blocks of which records were saved.</summary>
    public long SalvagedBlocks { get; internal set; }

    /// <summary>Those records. They fit the schema, but nothing confirms their values.</summary>
    public long SalvagedRecords { get; internal set; }

    /// <summary>Records known to be lost: the index, or a reliable count, has them.</summary>
    public long LostRecords { get; internal set; }

    /// <summary>Bytes that were left out, other than zeros and what a server is writing.</summary>
    public long LostBytes { get; internal set; }

    /// <summary>Entries taken over from the index beside the file.</summary>
    public long IndexEntriesCopied { get; internal set; }

    /// <summary>Rebuilt entries, without receive times and sources, or with some missing.</summary>
    public long IndexEntriesMade { get; internal set; }

    /// <summary>Whether anything that was recorded is missing from the result, or changed.</summary>
    public bool IsLossy { get; internal set; }
}
