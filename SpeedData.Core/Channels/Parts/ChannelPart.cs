using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels.Parts;

/// <summary>
/// The common base of a channel's parts: a state that any thread may read, and a retry with backoff. Call every other member under
/// the channel's gate.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="retryDue">
/// Called on a timer's thread when a retry is due. Pass its second argument to <see cref="EndWait(object)"/>.
/// </param>
internal abstract class ChannelPart(TimeProvider time, Action<ChannelPart, object> retryDue)
{
    private volatile PartState _state = new(false, time.GetUtcNow(), "not opened yet") { IsOnPurpose = true };
    private Backoff _backoff = new(new RestartOptions().InitialDelay, new RestartOptions().MaxDelay);
    private TimeSpan _longestDelay = new RestartOptions().MaxDelay;
    private ITimer? _retry;
    private object? _wait;
    private string? _heldBy;
    private long _upSince;

    /// <summary>Any thread: the present state.</summary>
    public PartState State => _state;

    /// <summary>The latest fault, kept after the part has recovered; null if there was none.</summary>
    public Fault? LastFault { get; private set; }

    /// <summary>Whether it may be opened now: it is not up, no rule holds it, and it does not wait for a retry.</summary>
    public bool MayOpen => !_state.Up && _heldBy is null && _wait is null;

    /// <summary>Whether it must be closed because it would break a rule on this host.</summary>
    public bool IsHeld => _heldBy is not null;

    /// <summary>The rule that it would break; null if none.</summary>
    public string? HeldBy => _heldBy;

    protected TimeProvider Time { get; } = time;

    /// <summary>Sets the delays from the configuration.</summary>
    public void Use(RestartOptions delays)
    {
        _backoff = new Backoff(delays.InitialDelay, delays.MaxDelay);
        _longestDelay = delays.MaxDelay;
    }

    /// <summary>Ends the wait for the retry, because something changed that may help. The caller then tries.</summary>
    public void EndWait()
    {
        _retry?.Dispose();
        _retry = null;
        _wait = null;
    }

    /// <summary>Whether it waits for something that a change of the network can fix.</summary>
    public bool AwaitsNetwork => _wait is not null && LastFault?.Exception is ChannelSetupException { IsOfNetwork: true };

    /// <summary>Holds the part, so that the caller closes it, or releases it.</summary>
    /// <param name="why">The rule that it would break; null if none.</param>
    /// <returns>Whether the reason for holding it has changed.</returns>
    public bool Hold(string? why)
    {
        if (why == _heldBy)
            return false;
        _heldBy = why;
        if (!_state.Up)
            WentOff("not opened yet");
        return why is not null;
    }

    /// <summary>Ends a wait whose time is over, unless it was ended before.</summary>
    public void EndWait(object wait)
    {
        if (_wait == wait)
            EndWait();
    }

    /// <summary>Records that the part is off: on purpose, or because a rule of the host holds it.</summary>
    public void WentOff(string why)
    {
        EndWait();
        _state = _state with { Up = false, Since = Time.GetUtcNow(), Why = _heldBy ?? why, RetryAt = null, Where = null, IsOnPurpose = _heldBy is null };
    }

    /// <param name="where">The address where it receives or sends.</param>
    protected void WentUp(string? where = null)
    {
        EndWait();
        _upSince = Time.GetTimestamp();
        _state = new PartState(true, Time.GetUtcNow(), FaultsInARow: _state.FaultsInARow) { Where = where };
    }

    /// <summary>Notes a fault. The part is tried again after a delay that grows from fault to fault.</summary>
    protected void WentDown(Fault fault)
    {
        EndWait();
        PartState before = _state;
        // The part ran well if it was up for longer than the longest delay.
        bool ranWell = before.Up && Time.GetElapsedTime(_upSince) > _longestDelay;
        if (ranWell)
            _backoff.Reset();
        TimeSpan delay = _backoff.Next();
        DateTimeOffset now = Time.GetUtcNow();
        bool isNew = before.Up || before.RetryAt is null;
        LastFault = fault;
        _state = new PartState(false, isNew ? now : before.Since, fault.Message, now + delay, ranWell ? 1 : before.FaultsInARow + 1);
        object wait = _wait = new();
        _retry = Time.CreateTimer(_ => retryDue(this, wait), null, delay, Timeout.InfiniteTimeSpan);
    }

    protected Fault FaultOf(FaultRole role, string message, Exception? exception = null) => new(role, message, Time.GetUtcNow(), exception);
}
