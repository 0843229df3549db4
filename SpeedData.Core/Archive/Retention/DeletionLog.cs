using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>The files of a channel that retention deleted between two reports.</summary>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Total size of the files.</param>
/// <param name="From">When the oldest of the files was begun, by its name.</param>
/// <param name="To">When the newest of the files was begun.</param>
/// <param name="ByReason">Number of files by the reason for their deletion.</param>
public sealed record Deletions(long Files, long Bytes, DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<DeletionReason, long> ByReason);

/// <summary>Collects deletions until they are reported. Any thread.</summary>
public sealed class DeletionLog
{
    private readonly Lock _gate = new();
    private volatile Deletions? _pending;

    /// <summary>Whether nothing waits to be reported.</summary>
    public bool IsEmpty => _pending is null;

    internal void Add(DateTimeOffset begun, long bytes, DeletionReason reason)
    {
        lock (_gate)
        {
            Deletions before = _pending ?? new Deletions(0, 0, begun, begun, new Dictionary<DeletionReason, long>());
            var byReason = new Dictionary<DeletionReason, long>(before.ByReason);
            byReason[reason] = byReason.GetValueOrDefault(reason) + 1;
            _pending = new Deletions(before.Files + 1, before.Bytes + bytes, begun < before.From ? begun : before.From, begun > before.To ? begun : before.To, byReason);
        }
    }

    /// <returns>The deletions since the last call; null if there are none.</returns>
    public Deletions? Take()
    {
        lock (_gate)
        {
            Deletions? taken = _pending;
            _pending = null;
            return taken;
        }
    }
}

/// <summary>Writes deletions as a line of the log.</summary>
public static class DeletionText
{
    public static string Of(Deletions deleted)
    {
        ArgumentNullException.ThrowIfNull(deleted);
        return $"retention: deleted {deleted.Files:N0} files ({SizeText.Approximate(deleted.Bytes)}), which began from {deleted.From:yyyy-MM-ddTHH:mm:ssZ} to {deleted.To:yyyy-MM-ddTHH:mm:ssZ}: "
            + string.Join(", ", deleted.ByReason.Select(entry => $"{entry.Value:N0} {ReasonOf(entry.Key)}"));
    }

    internal static string ReasonOf(DeletionReason reason) => reason switch
    {
        DeletionReason.Age => "older than Archive:RetainFor",
        DeletionReason.Bytes => "over Archive:RetainBytes",
        _ => "because less than Archive:MinFreeBytes was free",
    };
}
