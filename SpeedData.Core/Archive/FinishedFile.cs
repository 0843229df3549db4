namespace SpeedData.Core.Archive;

/// <summary>A finished archive file, and what is known about its age.</summary>
/// <param name="Microseconds">The time in its name: Unix time in µs.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Since">Time provider's timestamp: when this process finished it, or first saw it.</param>
/// <param name="ModifiedAt">When it was last written, for a file that was found; null for one that this process finished.</param>
internal readonly record struct FinishedFile(long Microseconds, long Bytes, long Since, DateTimeOffset? ModifiedAt)
{
    public bool WasFound => ModifiedAt is not null;
}
