namespace SpeedData.Core.Tags;

/// <summary>Why a tag is not made, changed or removed.</summary>
public enum TagFault
{
    /// <summary>What was asked for is no tag, no label or no time.</summary>
    Wrong,

    /// <summary>There is no such tag.</summary>
    Missing,

    /// <summary>What there is does not allow it.</summary>
    Conflict,

    /// <summary>The disk, or another process, does not let it happen now.</summary>
    Unavailable,
}

/// <summary>A tag is not made, changed or removed. The message says why, and what to do.</summary>
public sealed class TagException(TagFault fault, string message) : Exception(message)
{
    public TagFault Fault => fault;
}
