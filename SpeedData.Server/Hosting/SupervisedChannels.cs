using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Host;
using SpeedData.Core.Supervision;
using SpeedData.Core.Threading;

namespace SpeedData.Server.Hosting;

/// <summary>The configured channels under the supervisor.</summary>
internal sealed class SupervisedChannels : IChannelHost, IDisposable
{
    /// <summary>Time between two checks for a missing schema.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // All channels together wait that long for a disk that does not answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A check that hangs is left behind.
    private static readonly TimeSpan LongestStop = TimeSpan.FromMilliseconds(100);

    private readonly Supervisor _supervisor;
    private readonly ITransport _transport;
    private readonly SpeedDataOptions _options;
    private readonly TimeProvider _time;
    private readonly PeriodicThread _looks;
    private volatile WaitingChannel[] _waiting = [], _seenWaiting = [];
    private volatile IReadOnlyList<Channel> _seen = [], _all = [];
    private volatile bool _started;

    private SupervisedChannels(Supervisor supervisor, ITransport transport, SpeedDataOptions options, TimeProvider time, ILogger log)
    {
        (_supervisor, _transport, _options, _time) = (supervisor, transport, options, time);
        _looks = new PeriodicThread("schemas", BetweenLooks, LookForSchemas, log);
    }

    public IReadOnlyList<Channel> Channels
    {
        get
        {
            WaitingChannel[] waiting = _waiting;
            IReadOnlyList<Channel> running = _supervisor.Channels;
            if (waiting.Length == 0)
                return running;
            lock (_looks)
            {
                // The same list as long as they are the same. One that was just added may be in both.
                if (!ReferenceEquals(running, _seen) || !ReferenceEquals(waiting, _seenWaiting))
                    (_seen, _seenWaiting, _all) = (running, waiting, [.. running, .. waiting.ExceptBy(running.Select(channel => channel.Name), channel => channel.Name)]);
                return _all;
            }
        }
    }

    public bool IsStarted => _started;

    /// <summary>The one place that knows how a supervisor is made.</summary>
    public static IChannelHost Create(SpeedDataOptions options, TimeProvider time, ILoggerFactory logs)
    {
        ILogger<Supervisor> log = logs.CreateLogger<Supervisor>();
        var transport = new KernelTransport();
        if (transport.Lack is { } lack)
            log.LogWarning("Datagrams are received and sent one by one: {Lack}", lack);
        return new SupervisedChannels(new Supervisor(new PipelineServices(transport, options.AvroPath, time) { RequireMount = options.RequireMount }, log), transport, options, time, log);
    }

    public void AskBeforeDeleting(IFileGuard guard) => _supervisor.Guard = guard;

    public void Start()
    {
        _waiting = [.. _options.Channels.Select(channel => new WaitingChannel(channel, _time))];
        LookForSchemas();
        _started = true;
        if (_waiting.Length > 0)
            _looks.Start();
    }

    public Task<bool> StopAsync(TimeSpan drainFor)
    {
        _looks.TryEnd(LongestStop);
        return _supervisor.StopAsync(drainFor);
    }

    public void Dispose()
    {
        _looks.TryEnd(LongestStop);
        _supervisor.Dispose();
        _transport.Dispose();
    }

    private void LookForSchemas()
    {
        var patience = new FilePatience(Patience);
        foreach (WaitingChannel channel in _waiting)
        {
            if (TryAdd(channel, patience))
                _waiting = [.. _waiting.Where(other => other != channel)];
        }
    }

    /// <returns>False while its schema cannot be used.</returns>
    private bool TryAdd(WaitingChannel channel, FilePatience patience)
    {
        if (channel.TryLoad(patience) is not { } schemas)
            return false;
        try
        {
            _supervisor.Add(channel.Options, schemas);
        }
        catch (OperationCanceledException)
        {
            // The process is being stopped; what was added is drained.
        }

        return true;
    }
}
