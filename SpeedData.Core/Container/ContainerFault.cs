namespace SpeedData.Core.Container;

/// <summary>What is wrong with the framing of a container file.</summary>
public enum ContainerFaultKind
{
    /// <summary>It does not begin with "Obj" and 1, or its metadata cannot be read.</summary>
    BadHeader,

    /// <summary>The file ends inside its header.</summary>
    HeaderTruncated,

    /// <summary>A count or size is no number, or is below 0.</summary>
    BadNumber,

    /// <summary>The file ends inside a block.</summary>
    Truncated,

    /// <summary>The sync marker does not stand where the block's size says it ends.</summary>
    SyncMismatch,

    /// <summary>The block is larger than the reader's limit.</summary>
    TooLarge,
}

/// <summary>A fault of the framing.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Why">For a person.</param>
public sealed record ContainerFault(ContainerFaultKind Kind, long Offset, string Why);
