using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive;

/// <summary>A channel's archive at one moment.</summary>
/// <param name="Fault">Why nothing can be written at present; null while all is well.</param>
/// <param name="LastFault">The latest fault, kept after recovery.</param>
/// <param name="PartFile">Path of the file being written; null between files.</param>
/// <param name="Files">Finished files in the channel's folder.</param>
/// <param name="Bytes">Their bytes, and those of the part file.</param>
/// <param name="Oldest">Time in the name of the oldest file; null if there is none.</param>
public sealed record ArchiveState(Fault? Fault, Fault? LastFault, string? PartFile, long Files, long Bytes, DateTimeOffset? Oldest)
{
    /// <summary>What became of part files that an earlier process left, oldest first.</summary>
    public IReadOnlyList<RecoveryReport> Recovered { get; init; } = [];

    /// <summary>Names of files whose time lies in the future; names of new files do not follow them.</summary>
    public IReadOnlyList<string> NamedInTheFuture { get; init; } = [];

    public bool IsUp => Fault is null;

    public ArchiveNews News => new(Fault, LastFault, Recovered.Count);
}

/// <summary>What is compared to see whether anything happened to an archive: if it is equal, nothing did.</summary>
/// <param name="Fault">As in <see cref="ArchiveState"/>.</param>
/// <param name="LastFault">As in <see cref="ArchiveState"/>.</param>
/// <param name="Recovered">Part files that were recovered.</param>
public readonly record struct ArchiveNews(Fault? Fault, Fault? LastFault, int Recovered);
