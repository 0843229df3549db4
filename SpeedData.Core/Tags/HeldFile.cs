namespace SpeedData.Core.Tags;

/// <summary>An archive that a tag keeps.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="FileName">The archive's name, the same in the tag's and the channel's folder.</param>
/// <param name="Bytes">Size in bytes.</param>
internal sealed record HeldFile(string Channel, string FileName, long Bytes)
{
    /// <summary>Identifies the file among those of all tags; two tags may keep the same file.</summary>
    public (string Channel, string FileName) Key => (Channel, FileName);
}

/// <summary>The result of an attempt to keep a file.</summary>
internal enum HoldOutcome
{
    Held,

    /// <summary>The file no longer exists.</summary>
    Gone,

    /// <summary>The two folders cannot share hard links.</summary>
    NeedsCopy,

    /// <summary>The disk refused it.</summary>
    Failed,
}
