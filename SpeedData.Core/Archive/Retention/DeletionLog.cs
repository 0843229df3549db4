using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>What retention deleted of a channel between two reports.</summary>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="From">When the oldest of them was begun, by its name.</param>
/// <param name="To">When the youngest of them was begun.</param>
/// <param name="ByReason">Files by the reason they were deleted for.</param>
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

    /// <returns>What was deleted since the last call; null for nothing.</returns>
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

/// <summary>What retention deleted, as a line of the log.</summary>
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
