using Microsoft.Extensions.Logging;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Supervision;

/// <summary>Keeps one channel running: builds its pipeline, waits for its end, waits out the backoff, builds another.</summary>
internal sealed class ChannelRunner : IDisposable
{
    // A thread that has not left this long after the other has ended sits in a system call.
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(5);

    // What an abandoned pipeline gets to count what is left and leave.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly PipelineServices _services;
    // What a channel waits for is looked for this often.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly SchemaFile _schema;
    private readonly ILogger _log;
    private readonly BufferAdvice _advice;
    private readonly Backoff _backoff;
    private readonly ArchiveFolder? _folder;
    private readonly ArchiveRetention _retention;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Pipeline? _pipeline;
    private CancellationTokenSource? _waiting;
    private Task _running = Task.CompletedTask;
    private RetainedChannel? _retained;

    public ChannelRunner(Channel channel, PipelineServices services, ArchiveRetention retention, BufferAdvice advice, ILogger log)
    {
        Channel = channel;
        _schema = new SchemaFile(channel.Options);
        _services = services;
        _retention = retention;
        _folder = channel.Options.Archive.Enabled ? services.CreateFolder(channel.Name) : null;
        _advice = advice;
        _log = log;
        _backoff = new Backoff(channel.Options.Restart.InitialDelay, channel.Options.Restart.MaxDelay);
        channel.NoticesOf = () => Current?.Notices ?? default;
        channel.ArchiveOf = () => Current?.Archive;
    }

    public Channel Channel { get; }

    private Pipeline? Current => Volatile.Read(ref _pipeline);

    public void Start()
    {
        WarnOfCpusOutsideTheSet();
        // The first pipeline is built here and now: who adds a channel finds its socket open.
        Fault? fault = TryStartPipeline();
        RetainFiles();
        _running = Task.Run(() => KeepRunningAsync(fault));
    }

    /// <returns>Whether everything was drained in time.</returns>
    public async Task<bool> StopAsync(TimeSpan drainFor)
    {
        lock (_gate)
        {
            _stopping.Cancel();
            _pipeline?.Stop();
        }

        if (await EndsWithin(drainFor).ConfigureAwait(false))
            return true;
        Current?.Abandon();
        if (!await EndsWithin(Grace).ConfigureAwait(false))
            Current?.CountRest();
        return false;
    }

    /// <summary>To be called once, when the channel has stopped for good: what it left behind is nobody's to delete, and another process may have the folder.</summary>
    public void LeaveFiles()
    {
        if (_retained is not null)
            _retention.Remove(_retained);
        _folder?.Dispose();
    }

    /// <summary>To be called when an interface or a route of the host has changed.</summary>
    public void LookAtInterfaces()
    {
        lock (_gate)
            _ = _waiting?.CancelAsync();
        if (Current is { } pipeline && pipeline.InterfaceHasMoved())
            pipeline.Fail(Now(FaultRole.Network, "an interface of this channel is gone or has another index or address, or a stream another route; opening its sockets again"));
    }

    /// <summary>To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Whether a pipeline runs or not, files grow old.</summary>
    private void RetainFiles()
    {
        if (_folder is null)
            return;
        RetainedChannel retained = _retention.Add(_folder, Channel.Options.Archive, Channel.Counters);
        Channel.RetentionOf = () => retained.State;
        _retained = retained;
    }

    private async Task KeepRunningAsync(Fault? fault)
    {
        while (true)
        {
            long started = _services.Time.GetTimestamp();
            fault ??= await EndOfPipeline().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
                break;
            TimeSpan ran = _services.Time.GetElapsedTime(started);
            // It ran well if it ran for longer than the longest delay.
            bool ranWell = ran > Channel.Options.Restart.MaxDelay;
            if (ranWell)
                _backoff.Reset();
            // Nothing is wrong with a channel whose route changed: every moment without its socket is data lost.
            bool atOnce = fault.Role == FaultRole.Network && ran > Channel.Options.Restart.InitialDelay;
            if (atOnce)
                Channel.State = Channel.State with { LastFault = fault };
            else if (!await WaitOutBackoff(fault, ranWell ? 1 : Channel.State.FaultsInARow + 1).ConfigureAwait(false))
                break;
            Channel.Counters.CountRestart();
            fault = TryStartPipeline();
        }

        Channel.State = Channel.State with { Status = ChannelStatus.Stopped, Since = _services.Time.GetUtcNow(), RetryAt = null };
    }

    private Fault? TryStartPipeline()
    {
        try
        {
            Channel.KnownSchema ??= _schema.Load();
            var pipeline = new Pipeline(Channel, _services, _folder);
            lock (_gate)
            {
                pipeline.Start();
                _pipeline = pipeline;
                if (_stopping.IsCancellationRequested)
                    pipeline.Stop();
            }

            Channel.GaugesOf = () => pipeline.Gauges;
            Channel.State = Channel.State with { Status = ChannelStatus.Active, Since = _services.Time.GetUtcNow(), RetryAt = null };
            _advice.Consider(Channel.Options, pipeline.Gauges);
            return null;
        }
        catch (ChannelSetupException e)
        {
            return Now(FaultRole.Setup, e.Message, e);
        }
        catch (Exception e)
        {
            return Now(FaultRole.Setup, $"the pipeline could not be built: {e.Message}", e);
        }
    }

    private async Task<Fault> EndOfPipeline()
    {
        Pipeline pipeline = _pipeline!;
        await pipeline.Ending.ConfigureAwait(false);
        try
        {
            await pipeline.Completion.WaitAsync(StalledAfter, _services.Time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!_stopping.IsCancellationRequested)
        {
            Channel.State = Channel.State with { Status = ChannelStatus.Stalled, Since = _services.Time.GetUtcNow() };
        }
        catch (TimeoutException)
        {
            // The drain's own time limit decides.
        }

        Fault? fault = await pipeline.Completion.ConfigureAwait(false);
        Channel.GaugesOf = null;
        return fault ?? Now(FaultRole.Supervision, "the pipeline ended without a fault");
    }

    /// <returns>False if a stop came first.</returns>
    private async Task<bool> WaitOutBackoff(Fault fault, int faultsInARow)
    {
        TimeSpan delay = _backoff.Next();
        if (Channel.KnownSchema is null && delay > BetweenLooks)
            delay = BetweenLooks;
        DateTimeOffset now = _services.Time.GetUtcNow();
        Channel.State = new ChannelState(ChannelStatus.Faulted, now, fault, faultsInARow, now + delay);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        lock (_gate)
            _waiting = waiting;
        try
        {
            await Task.Delay(delay, _services.Time, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A stop, or the network changed: what was absent may be there now.
        }

        lock (_gate)
            _waiting = null;
        return !_stopping.IsCancellationRequested;
    }

    private async Task<bool> EndsWithin(TimeSpan limit)
    {
        try
        {
            await _running.WaitAsync(limit, _services.Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void WarnOfCpusOutsideTheSet()
    {
        foreach ((string key, int? cpu) in new[] { ("ReceiveCpu", Channel.Options.Threads.ReceiveCpu), ("WriterCpu", Channel.Options.Threads.WriterCpu) })
        {
            if (cpu is { } wanted && !CpuSet.Allows(wanted))
                _log.LogWarning("Channel {Channel}: Threads:{Key} = {Cpu}: this process may not run on that CPU; the thread stays unpinned", Channel.Name, key, wanted);
        }
    }

    private Fault Now(FaultRole role, string message, Exception? exception = null) => new(role, message, _services.Time.GetUtcNow(), exception);
}
