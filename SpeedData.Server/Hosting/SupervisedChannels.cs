using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Host;
using SpeedData.Core.Sockets;
using SpeedData.Core.Supervision;
using SpeedData.Core.Threading;

namespace SpeedData.Server.Hosting;

/// <summary>Runs the configured channels under the supervisor.</summary>
internal sealed class SupervisedChannels : IChannelHost, IDisposable
{
    /// <summary>Time between two checks for a missing schema.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // How long all channels together wait for a disk that does not answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // How long a stop waits for a check. A check that hangs is abandoned.
    private static readonly TimeSpan LongestStop = TimeSpan.FromMilliseconds(100);

    // How long a change waits for the receive thread to apply it. A thread that hangs in a call applies it later.
    private static readonly TimeSpan LongestChange = TimeSpan.FromSeconds(10);

    private readonly Supervisor _supervisor;
    private readonly ITransport _transport;
    private readonly SpeedDataOptions _options;
    private readonly TimeProvider _time;
    private readonly PeriodicThread _looks;
    private readonly Lock _gate = new();
    private volatile WaitingChannel[] _waiting = [];
    private volatile IReadOnlyList<Channel> _broken = [];
    private volatile Together _together = new([], [], [], []);
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
            IReadOnlyList<Channel> broken = _broken, running = _supervisor.Channels;
            if (waiting.Length == 0 && broken.Count == 0)
                return running;
            Together seen = _together;
            if (!seen.IsOf(running, waiting, broken))
                _together = seen = Together.Of(running, waiting, broken);
            return seen.All;
        }
    }

    public bool IsStarted => _started;

    /// <summary>Creates the supervisor and its channels.</summary>
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

    public void Add(ChannelOptions options)
    {
        var channel = new WaitingChannel(options, _time);
        if (TryAdd(channel, new FilePatience(Patience)))
            return;
        lock (_gate)
            _waiting = [.. _waiting, channel];
        _looks.Start();
    }

    public async Task ChangeAsync(ChannelOptions options)
    {
        if (Forget(options.Name) || !IsRunning(options.Name))
        {
            Add(options);
            return;
        }

        try
        {
            var schema = new SchemaFile(options).Load(new FilePatience(Patience));
            await _supervisor.ChangeAsync(options, schema).WaitAsync(LongestChange, _time).ConfigureAwait(false);
        }
        catch (ChannelSetupException)
        {
            // A channel without its schema waits for it, as after a start.
            await RemoveAsync(options.Name).ConfigureAwait(false);
            Add(options);
        }
        catch (TimeoutException)
        {
            // The change still takes effect when the thread returns from its call.
        }
    }

    public Task RemoveAsync(string name)
    {
        Forget(name);
        return _supervisor.RemoveAsync(name, _options.DrainFor);
    }

    public void Show(IReadOnlyList<Channel> broken) => _broken = broken;

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

    private static bool Is(Channel channel, string name) => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private bool IsRunning(string name) => _supervisor.Channels.Any(channel => Is(channel, name));

    /// <returns>Whether a channel with this name waited for its schema.</returns>
    private bool Forget(string name)
    {
        lock (_gate)
        {
            int before = _waiting.Length;
            _waiting = [.. _waiting.Where(channel => !Is(channel, name))];
            return _waiting.Length < before && !IsRunning(name);
        }
    }

    private void LookForSchemas()
    {
        var patience = new FilePatience(Patience);
        foreach (WaitingChannel channel in _waiting)
        {
            if (!TryAdd(channel, patience))
                continue;
            lock (_gate)
                _waiting = [.. _waiting.Where(other => other != channel)];
        }
    }

    /// <returns>False while the channel's schema cannot be used.</returns>
    private bool TryAdd(WaitingChannel channel, FilePatience patience)
    {
        if (channel.TryLoad(patience) is not { } schemas)
            return false;
        try
        {
            _supervisor.Add(channel.Options, schemas);
        }
        catch (Exception e) when (e is OperationCanceledException or ArgumentException)
        {
            // The process is stopping and drains its channels, or a change has added the channel already.
        }

        return true;
    }

    /// <summary>One list of all channels. A channel that was just added may be both in the running and in the waiting ones.</summary>
    private sealed record Together(IReadOnlyList<Channel> Running, WaitingChannel[] Waiting, IReadOnlyList<Channel> Broken, IReadOnlyList<Channel> All)
    {
        public static Together Of(IReadOnlyList<Channel> running, WaitingChannel[] waiting, IReadOnlyList<Channel> broken) =>
            new(running, waiting, broken, [.. running, .. waiting.ExceptBy(running.Select(channel => channel.Name), channel => channel.Name), .. broken.ExceptBy(running.Concat(waiting).Select(channel => channel.Name), channel => channel.Name)]);

        public bool IsOf(IReadOnlyList<Channel> running, WaitingChannel[] waiting, IReadOnlyList<Channel> broken) =>
            ReferenceEquals(Running, running) && ReferenceEquals(Waiting, waiting) && ReferenceEquals(Broken, broken);
    }
}
