namespace SpeedData.Core.Tags;

/// <summary>An archive that a tag keeps.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="FileName">Its name there and in the channel's folder.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record HeldFile(string Channel, string FileName, long Bytes)
{
    /// <summary>Tells the files of all tags apart; two tags may keep the same.</summary>
    public (string Channel, string FileName) Key => (Channel, FileName);
}

/// <summary>What came of an attempt to keep a file.</summary>
internal enum HoldOutcome
{
    Held,

    /// <summary>It was gone already.</summary>
    Gone,

    /// <summary>There are no hard links between the two folders.</summary>
    NeedsCopy,

    /// <summary>The disk did not allow it.</summary>
    Failed,
}
