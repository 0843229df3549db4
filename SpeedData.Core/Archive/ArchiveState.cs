using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive;

/// <summary>A channel's archive at one moment.</summary>
/// <param name="Fault">Why nothing can be written at present; null if nothing is wrong.</param>
/// <param name="LastFault">The latest fault, kept after recovery.</param>
/// <param name="PartFile">Path of the file being written; null between files.</param>
/// <param name="Files">Number of finished files in the channel's folder.</param>
/// <param name="Bytes">Total size of the finished files and the part file.</param>
/// <param name="Oldest">Time in the name of the oldest file; null if there is none.</param>
public sealed record ArchiveState(Fault? Fault, Fault? LastFault, string? PartFile, long Files, long Bytes, DateTimeOffset? Oldest)
{
    /// <summary>The results for part files that an earlier process left, in the order of recovery.</summary>
    public IReadOnlyList<RecoveryReport> Recovered { get; init; } = [];

    /// <summary>Names of files whose time is in the future. Names of new files do not continue after them.</summary>
    public IReadOnlyList<string> NamedInTheFuture { get; init; } = [];

    /// <summary>Bytes of the part file.</summary>
    public long PartBytes { get; init; }

    public bool IsUp => Fault is null;

    public ArchiveNews News => new(Fault, LastFault, Recovered.Count);

    /// <summary>Combines the states of several writers of one folder.</summary>
    /// <param name="states">At least one.</param>
    public static ArchiveState Together(IReadOnlyList<ArchiveState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        return states.Count == 1 ? states[0] : states[0] with
        {
            Fault = states.Select(state => state.Fault).FirstOrDefault(fault => fault is not null),
            LastFault = states.Select(state => state.LastFault).OfType<Fault>().MaxBy(fault => fault.At),
            PartFile = states.Select(state => state.PartFile).FirstOrDefault(file => file is not null),
            Bytes = states[0].Bytes - states[0].PartBytes + states.Sum(state => state.PartBytes),
            Recovered = [.. states.SelectMany(state => state.Recovered)],
        };
    }
}

/// <summary>A value that changes whenever something happens to an archive.</summary>
/// <param name="Fault">As in <see cref="ArchiveState"/>.</param>
/// <param name="LastFault">As in <see cref="ArchiveState"/>.</param>
/// <param name="Recovered">Number of part files that were recovered.</param>
public readonly record struct ArchiveNews(Fault? Fault, Fault? LastFault, int Recovered)
{
    /// <summary>Combines the news of two writers of one folder.</summary>
    public ArchiveNews And(ArchiveNews other) =>
        new(Fault ?? other.Fault, LastFault is null || other.LastFault?.At > LastFault.At ? other.LastFault : LastFault, Recovered + other.Recovered);
}
