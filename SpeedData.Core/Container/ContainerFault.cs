namespace SpeedData.Core.Container;

/// <summary>What is wrong with the framing of a container file.</summary>
public enum ContainerFaultKind
{
    /// <summary>The file does not begin with "Obj" and 1, or its metadata cannot be read.</summary>
    BadHeader,

    /// <summary>The file ends inside its header.</summary>
    HeaderTruncated,

    /// <summary>A count or size is not a number, or is below 0.</summary>
    BadNumber,

    /// <summary>The file ends inside a block.</summary>
    Truncated,

    /// <summary>There is no sync marker at the end that the block's size states.</summary>
    SyncMismatch,

    /// <summary>The block is larger than the reader's limit.</summary>
    TooLarge,
}

/// <summary>A fault of the framing.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Offset">The offset in the file.</param>
/// <param name="Why">The reason as text for a person.</param>
public sealed record ContainerFault(ContainerFaultKind Kind, long Offset, string Why);
