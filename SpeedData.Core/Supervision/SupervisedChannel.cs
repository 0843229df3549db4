using Microsoft.Extensions.Logging;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Receive;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>
/// A channel and its parts as one serialized state machine. One gate serializes all events (a change, a fault, a retry, a thread
/// that ended, a stop). An event notes the new goal, and <see cref="Step"/> then does everything that can be done at once to reach
/// it. Nothing under the gate waits for a disk, a thread or another channel.
/// </summary>
internal sealed class SupervisedChannel : Channel, IDisposable
{
    // A thread that has not ended this long after it was asked to end must hang in a system call.
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(5);

    // The time that an abandoned channel has to count what is left and to end.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private const string Moved = "its interface is gone or has another index or address, or its route has changed";

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PipelineServices _services;
    private readonly ILogger _log;
    private readonly BufferAdvice _advice;
    private readonly ReceiveLoop _loop;
    private readonly StageKeeper _stages;
    private readonly ReceivePart _receive;
    private readonly ArchivePart _archive;
    private readonly StreamPart _full, _decimated;
    private readonly PartSet _parts;
    private readonly ChannelFiles _files;
    private readonly ChannelRejects _rejects;
    private readonly ITimer _lookAgain;
    private volatile ChannelState _state;
    private TaskCompletionSource? _inForce;
    private Fault? _lastFault;
    private bool _isStopping;

    public SupervisedChannel(
        ChannelOptions options, RecordSchemas schemas, ChannelCounters counters, RejectLog rejects,
        PipelineServices services, ArchiveRetention retention, BufferAdvice advice, ILogger log)
        : base(options, schemas, counters, rejects, services.Time.GetUtcNow())
    {
        _services = services;
        _log = log;
        _advice = advice;
        _state = new ChannelState(ChannelStatus.Starting, CreatedAt);
        var decimated = new StreamOutput();
        _loop = new ReceiveLoop(decimated, counters, rejects) { Tap = Tap, TookOver = () => ThreadPool.UnsafeQueueUserWorkItem(static channel => channel.OnTookOver(), this, preferLocal: false) };
        _stages = new StageKeeper(_loop, decimated, services.Time);
        _receive = new ReceivePart(_loop, services, counters, OnRetryDue, OnReceiveEnded);
        _archive = new ArchivePart(this, services, OnRetryDue, OnWriterEnded);
        _full = new StreamPart("FullRate", services.Transport, services.Time, OnRetryDue);
        _decimated = new StreamPart("Decimated", services.Transport, services.Time, OnRetryDue);
        _parts = new PartSet(_receive, _archive, _full, _decimated);
        _files = new ChannelFiles(this, services, retention);
        _rejects = new ChannelRejects(this, services, _stages.Retire, keeper => Handle(() => _rejects!.End(keeper)));
        _lookAgain = services.Time.CreateTimer(_ => Handle(() => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override ChannelState State => _state;

    public override ChannelParts Parts => new(
        _receive.State,
        Options.Archive.Enabled ? _archive.Outcome : null,
        Options.FullRate.Enabled ? _full.Outcome : null,
        Options.Decimated.Enabled ? _decimated.Outcome : null);

    public override PipelineGauges? Gauges => _receive.Receiver is { } receiver
        ? new PipelineGauges(receiver.GrantedBufferBytes, _full.Sender?.GrantedBufferBytes, _decimated.Sender?.GrantedBufferBytes, _archive.Current.Sum(life => life.UsedBytes), _archive.Current.Sum(life => (long)life.Ring.Capacity))
        : null;

    public override ArchiveState? Archive => Options.Archive.Enabled ? _archive.Disk : null;

    public override ArchiveNews ArchiveNews => Options.Archive.Enabled ? _archive.News : default;

    public override RetentionState? Retention => _files.Retention;

    public override string? RejectFault => _rejects.Keeper?.Fault;

    public override StreamNotices Notices => new(_full.Sender?.Notice, _decimated.Sender?.Notice);

    /// <summary>Opens every part that can be opened now. When it returns, the socket is open if that was possible.</summary>
    public void Start() => Handle(() =>
    {
        _parts.Use(Options.Restart);
        CpuAdvice.Consider(Options, _log);
    });

    /// <summary>Applies new options and schemas. Each part that a changed key concerns follows.</summary>
    /// <returns>The changed keys, once they apply to every further datagram. It does not wait for a disk.</returns>
    public async Task<IReadOnlyList<ChannelKey>> ChangeAsync(ChannelOptions options, RecordSchemas schemas)
    {
        IReadOnlyList<ChannelKey> changed = [];
        Task inForce = Task.CompletedTask;
        Handle(() =>
        {
            // Schema files with unchanged content change nothing.
            bool areSame = schemas.IsSame(Schemas);
            if (_isStopping || (areSame && options == Options))
                return;
            changed = ChannelKeys.Changed(Options, options);
            Become(options, areSame ? Schemas : schemas);
            _parts.Use(Options.Restart);
            CpuAdvice.Consider(Options, _log);
            _parts.EndWaits();
            inForce = (_inForce ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        });
        await inForce.ConfigureAwait(false);
        return changed;
    }

    /// <summary>Moves the sockets that a change of the host's interfaces, addresses or routes concerns. Nothing else changes.</summary>
    public void FollowNetwork(NetworkSnapshot network)
    {
        InterfaceBinding? receive, full, decimated;
        bool isAwaited;
        // A part that is being opened now is checked once it is open.
        lock (_gate)
            (receive, full, decimated, isAwaited) = (_receive.Interface, _full.Interface, _decimated.Interface, _parts.AwaitNetwork);
        // These calls ask the kernel, so they are made outside the gate.
        receive = receive?.MembershipHasMoved(network) == true ? receive : null;
        (full, decimated) = (IfMoved(full, network), IfMoved(decimated, network));
        if (receive is null && full is null && decimated is null && !isAwaited)
            return;
        Handle(() =>
        {
            if (_isStopping)
                return;
            _parts.EndNetworkWaits();
            if (receive is not null && ReferenceEquals(_receive.Interface, receive) && !_receive.IsClosing)
                _receive.Rejoin();
            if (full is not null && ReferenceEquals(_full.Interface, full))
                Release(_full, Moved);
            if (decimated is not null && ReferenceEquals(_decimated.Interface, decimated))
                Release(_decimated, Moved);
        });
    }

    /// <summary>Closes the parts that would break a rule on the host as it is now, and releases the others.</summary>
    public void Hold(Breaches breaches)
    {
        lock (_gate)
        {
            if (_parts.AreHeldBy(breaches))
                return;
        }

        Handle(() =>
        {
            if (_parts.Hold(breaches) is { } why)
                _lastFault = new Fault(FaultRole.Network, why, _services.Time.GetUtcNow());
        });
    }

    private static InterfaceBinding? IfMoved(InterfaceBinding? binding, NetworkSnapshot network) => binding?.HasMoved(network) == true ? binding : null;

    /// <summary>Drains and stops the channel. A second call waits for the same stop.</summary>
    /// <returns>Whether everything was drained in time.</returns>
    public async Task<bool> StopAsync(TimeSpan drainFor)
    {
        Handle(() => _isStopping = true);
        if (await EndsWithin(drainFor).ConfigureAwait(false))
            return true;
        _loop.Abandon();
        ForEachLife(life => life.Abandon());
        if (!await EndsWithin(Grace).ConfigureAwait(false) && !_receive.IsRunning)
            ForEachLife(life => life.CountRest());
        return false;
    }

    /// <summary>Gives up the folder. Call it once, after <see cref="StopAsync"/>.</summary>
    public void Dispose() => _files.Dispose();

    private void OnRetryDue(ChannelPart part, object wait) => Handle(() => part.EndWait(wait));

    private void OnTookOver() => Handle(_stages.FreeUnused);

    private void OnReceiveEnded() => Handle(() =>
    {
        if (_receive.EndClose())
            DiscardSenders(_receive.LastFault!);
    });

    private void OnWriterEnded(ArchiveLife life) => Handle(() =>
    {
        if (_archive.End(life))
        {
            life.Dispose();
            return;
        }

        _lastFault = _archive.LastFault;
        _stages.Retire(life.Dispose);
    });

    private void Handle(Action note)
    {
        lock (_gate)
        {
            if (_stopped.Task.IsCompleted)
                return;
            try
            {
                note();
                if (_isStopping)
                    StepToStop();
                else
                    Step();
                Publish();
            }
            catch (Exception e)
            {
                // This may run on a timer's thread or at a thread's end, where the exception would end the process.
                _log.LogError("Channel {Channel}: {Error}; tried again in a second", Name, e.Message);
                _lookAgain.Change(LookAgainAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Does everything that is possible at once to bring the channel to the state that its options demand.</summary>
    private void Step()
    {
        _receive.Follow(this);
        // Datagrams in its queue are still treated by the old options.
        if (_receive.IsClosing)
            return;
        StepArchive();
        StepStream(_full, Options.FullRate);
        StepStream(_decimated, Options.Decimated);
        OfferStage();
        if (!_receive.MayOpen)
            return;
        if (_receive.IsRunning)
            _receive.Rejoin();
        else
            OpenReceive();
        if (!_receive.State.Up)
            _lastFault = _receive.LastFault;
    }

    private void OpenReceive()
    {
        CountRestart(_receive);
        _receive.Open(this);
        if (Gauges is { } gauges)
            _advice.Consider(Options, gauges);
    }

    /// <summary>Stops upstream parts first, so that queued datagrams reach the disk before the writer ends.</summary>
    private void StepToStop()
    {
        _parts.EndWaits();
        if (_receive.IsBetweenSockets)
            Step();
        if (_receive.BeginClose())
            return;

        ReleaseArchive("stopped");
        _rejects.Release();
        // Includes a stage that was offered but not taken over before the receive thread ended.
        OfferStage();
        if (_archive.IsDraining || _rejects.IsDraining)
            return;
        EndWindow();
        _full.Release("stopped")?.Dispose();
        _decimated.Release("stopped")?.Dispose();
        _stages.Dispose();
        _lookAgain.Dispose();
        _stopped.SetResult();
    }

    private void EndWindow()
    {
        try
        {
            _loop.EndWindow();
        }
        catch (Exception e)
        {
            _lastFault = new Fault(FaultRole.Receive, e.Message, _services.Time.GetUtcNow(), e);
        }
    }

    private void StepArchive()
    {
        if (_archive.Current.Count > 0 && (!Options.Archive.Enabled || _archive.MustReplace))
            ReleaseArchive("replaced");
        _files.Follow();
        _rejects.Follow(() => _files.Folder);
        if (!Options.Archive.Enabled || !_archive.MayOpen)
            return;
        CountRestart(_archive);
        _archive.Open(_files.Folder);
        if (!_archive.State.Up)
            _lastFault = _archive.LastFault;
    }

    private void ReleaseArchive(string why) => Array.ForEach(_archive.Release(why), life => _stages.Retire(life.Complete));

    private void StepStream(StreamPart part, StreamOptions target)
    {
        if (!target.Enabled)
        {
            Release(part, "switched off");
            return;
        }

        if (part.IsHeld || part.MustReplace(Options, target))
            Release(part, "replaced");
        if (part.MayOpen)
            part.Open(Options, target);
    }

    private void Release(StreamPart part, string why)
    {
        if (part.Sender is not null)
            _stages.Retire(part.Release(why)!.Dispose);
    }

    private void OfferStage()
    {
        try
        {
            Offer();
        }
        catch (Exception e)
        {
            DiscardSenders(new Fault(FaultRole.Receive, e.Message, _services.Time.GetUtcNow(), e));
            Offer();
        }

        void Offer() => _stages.Offer(Options, [.. Schemas.Select(schema => (Counters.Of(schema), _archive.For(schema)?.Ring))], _full.Sender, _decimated.Sender, _rejects.Keeper);
    }

    /// <summary>Discards the senders after an exception in the middle of a batch. What they still hold is already counted.</summary>
    private void DiscardSenders(Fault fault)
    {
        _lastFault = fault;
        Release(_full, fault.Message);
        Release(_decimated, fault.Message);
        _stages.RenewChecks();
    }

    private void Publish()
    {
        if ((_stages.IsTakenOver && !_receive.IsClosing) || _isStopping)
        {
            _inForce?.SetResult();
            _inForce = null;
        }

        PartState receive = _receive.State;
        bool isStalled = _receive.IsStalled(StalledAfter);
        if (_receive.IsClosing && !isStalled && !_isStopping)
            _lookAgain.Change(StalledAfter, Timeout.InfiniteTimeSpan);
        ChannelStatus status = _stopped.Task.IsCompleted ? ChannelStatus.Stopped
            : isStalled ? ChannelStatus.Stalled
            : receive.Up ? ChannelStatus.Active
            : ChannelStatus.Faulted;
        ChannelState before = _state;
        DateTimeOffset since = status == before.Status ? before.Since : _services.Time.GetUtcNow();
        var now = new ChannelState(status, since, _lastFault, receive.FaultsInARow, receive.RetryAt);
        if (now != before)
            _state = now;
    }

    private void CountRestart(ChannelPart part)
    {
        if (part.State.FaultsInARow > 0)
            Counters.CountRestart();
    }

    private void ForEachLife(Action<ArchiveLife> action)
    {
        ArchiveLife[] lives;
        lock (_gate)
            lives = [.. _archive.Lives];
        Array.ForEach(lives, action);
    }

    private async Task<bool> EndsWithin(TimeSpan limit)
    {
        await _stopped.Task.WaitAsync(limit, _services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _stopped.Task.IsCompleted;
    }
}
