using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>The state of a channel's retention at one moment. A fault here never stops recording.</summary>
/// <param name="Fault">What could not be listed, looked at or deleted, or a floor that deleting cannot reach; null while all is well.</param>
/// <param name="MinFreeBytes">Free space that the channel leaves on its file system; null before that was looked at, and for none.</param>
/// <param name="Deletions">What was deleted and is not reported yet.</param>
public sealed record RetentionState(Fault? Fault, long? MinFreeBytes, DeletionLog Deletions);
