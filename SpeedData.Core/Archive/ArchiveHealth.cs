using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive;

/// <summary>
/// What ails the archive at present. Writing and syncing each have their own fault, so that the one going well does not
/// hide the other; a fault that only repeats stays the value it was, so that it is told once.
/// </summary>
internal sealed class ArchiveHealth(TimeProvider time)
{
    private volatile Ailment? _writing;
    private volatile Ailment? _syncing;
    private volatile Fault? _last;

    /// <summary>Any thread.</summary>
    public Fault? Fault => (_writing ?? _syncing)?.Fault;

    /// <summary>Any thread.</summary>
    public Fault? LastFault => _last;

    /// <summary>Writer thread.</summary>
    public void WritingFailed(string doing, int error, Func<string> message) => _writing = Same(_writing, doing, error) ?? Told(doing, error, message);

    /// <summary>Writer thread.</summary>
    public void WritingWorks() => _writing = null;

    /// <summary>Sync thread.</summary>
    public void SyncingFailed(string doing, int error, Func<string> message) => _syncing = Same(_syncing, doing, error) ?? Told(doing, error, message);

    /// <summary>Sync thread.</summary>
    public void SyncingWorks() => _syncing = null;

    private static Ailment? Same(Ailment? known, string doing, int error) => known?.Doing == doing && known.Error == error ? known : null;

    private Ailment Told(string doing, int error, Func<string> message)
    {
        var ailment = new Ailment(doing, error, new Fault(FaultRole.Archive, message(), time.GetUtcNow()));
        _last = ailment.Fault;
        return ailment;
    }

    private sealed record Ailment(string Doing, int Error, Fault Fault);
}
