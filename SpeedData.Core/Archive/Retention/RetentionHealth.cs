using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>What ails a channel's retention. A fault that only repeats stays the value it was, so that it is told once.</summary>
internal sealed class RetentionHealth(TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Deadline _retry = new(time);
    private volatile RetentionState _state = new(null, null);
    private (string Doing, int Error) _ailment;
    private bool _failed;

    /// <summary>Any thread.</summary>
    public RetentionState State => _state;

    /// <summary>Whether what failed may be tried again: once a minute.</summary>
    public bool IsRetryDue => _retry.IsOver;

    public void Failed(string doing, int error, Func<string> message)
    {
        if (_retry.IsOver)
            _retry.Begin(RetryAfter);
        _failed = true;
        if (_state.Fault is not null && _ailment == (doing, error))
            return;
        _ailment = (doing, error);
        _state = _state with { Fault = new Fault(FaultRole.Archive, message(), time.GetUtcNow()) };
    }

    /// <summary>So much is to stay free on a file system that has less: it is told, and not acted on.</summary>
    public void CannotKeepFree(long floor, long total, string folder) => Failed("keep free", 0, () =>
        $"cannot keep {SizeText.Format(floor)} free on the file system of {folder}, which has {SizeText.Format(total)}: nothing is deleted for it. An Archive:MinFreeBytes below that is right.");

    /// <summary>What is to stay free.</summary>
    public void KeepsFree(long floor)
    {
        long? bytes = floor == 0 ? null : floor;
        if (_state.MinFreeBytes != bytes)
            _state = _state with { MinFreeBytes = bytes };
    }

    /// <summary>Ends a look: a fault is over once it did not come again when it was time to try again.</summary>
    /// <param name="isMended">False while something that failed was not tried again.</param>
    public void EndLook(bool isMended)
    {
        if (_state.Fault is not null && isMended && !_failed && _retry.IsOver)
            _state = _state with { Fault = null };
        _failed = false;
    }
}
