namespace SpeedData.Core.Diagnostics;

/// <summary>Why retention deleted an archive.</summary>
public enum DeletionReason
{
    /// <summary>It was older than the channel keeps its files.</summary>
    Age,

    /// <summary>The channel exceeded its quota.</summary>
    Bytes,

    /// <summary>Its file system lacked room.</summary>
    FreeSpace,
}
