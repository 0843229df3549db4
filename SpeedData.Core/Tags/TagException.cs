namespace SpeedData.Core.Tags;

/// <summary>Why a tag was not created, changed or removed.</summary>
public enum TagFault
{
    /// <summary>The tag, label or time is not valid.</summary>
    Wrong,

    /// <summary>The tag does not exist.</summary>
    Missing,

    /// <summary>The current state does not allow the change.</summary>
    Conflict,

    /// <summary>The disk, or another process, does not allow the change now.</summary>
    Unavailable,
}

/// <summary>A tag was not created, changed or removed. The message gives the reason and the remedy.</summary>
public sealed class TagException(TagFault fault, string message) : Exception(message)
{
    public TagFault Fault => fault;
}
