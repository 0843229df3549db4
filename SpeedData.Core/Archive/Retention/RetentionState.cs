using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>How the deletion of a channel's old files does, at one moment. What ails it never stops the writing.</summary>
/// <param name="Fault">What could not be listed, looked at or deleted; null while all is well.</param>
/// <param name="MinFreeBytes">Free space that the channel leaves on its file system; null before that was looked at, and for none.</param>
public sealed record RetentionState(Fault? Fault, long? MinFreeBytes);
