using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>Owns the list of channels; starts, watches, restarts and stops each channel's pipeline by itself.</summary>
public sealed class Supervisor : IDisposable
{
    private readonly PipelineServices _services;
    private readonly ILogger _log;
    private readonly BufferAdvice _advice;
    private readonly ArchiveRetention _retention;
    private readonly NetworkWatch _network;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, (ChannelCounters Counters, RejectLog Rejects)> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ChannelRunner, Task<bool>> _removals = [];
    private volatile ChannelRunner[] _runners = [];
    private bool _isStopping;
    private volatile Channel[] _channels = [];

    public Supervisor(PipelineServices services, ILogger<Supervisor> log)
    {
        _services = services;
        _log = log;
        _advice = new BufferAdvice(log);
        _retention = new ArchiveRetention(services.Files, services.Time);
        _network = new NetworkWatch(OnNetworkChange, e => log.LogError("A change of the network could not be looked at: {Error}; it is tried again every second", e.Message));
    }

    /// <summary>The channels at this moment, in the order they were added; the same list as long as they are the same. Any thread.</summary>
    public IReadOnlyList<Channel> Channels => _channels;

    /// <summary>Adds a channel and starts it; the others do not notice. Its counters go on where an earlier channel of this name stopped. Any thread.</summary>
    /// <exception cref="ArgumentException">There is a channel of that name.</exception>
    /// <exception cref="OperationCanceledException">All channels are being stopped.</exception>
    public Channel Add(ChannelOptions options)
    {
        lock (_gate)
        {
            if (_isStopping)
                throw new OperationCanceledException($"Channel {options.Name} is not added: all channels are being stopped.");
            if (Find(options.Name) is not null)
                throw new ArgumentException($"There is a channel {options.Name} already.", nameof(options));
            (ChannelCounters counters, RejectLog rejects) = _kept.GetOrAdd(options.Name, _ => (new ChannelCounters(), new RejectLog()));
            var channel = new Channel(options, schema: null, counters, rejects, _services.Time.GetUtcNow());
            var runner = new ChannelRunner(channel, _services, _retention, _advice, _log);
            runner.Start();
            Publish([.. _runners, runner]);
            return channel;
        }
    }

    /// <summary>Drains and removes a channel. Whoever removes it at the same time waits for the same removal.</summary>
    /// <returns>False if there is none of that name.</returns>
    public Task<bool> RemoveAsync(string name, TimeSpan drainFor)
    {
        lock (_gate)
        {
            if (Find(name) is not { } runner)
                return Task.FromResult(false);
            if (!_removals.TryGetValue(runner, out Task<bool>? removal))
                _removals.Add(runner, removal = Task.Run(() => RemoveAsync(runner, drainFor)));
            return removal;
        }
    }

    private async Task<bool> RemoveAsync(ChannelRunner runner, TimeSpan drainFor)
    {
        bool drained = await runner.StopAsync(drainFor).ConfigureAwait(false);
        runner.LeaveFiles();
        if (drained)
            runner.Dispose();
        lock (_gate)
        {
            // A writer that still hangs counts in its own tallies, whatever comes after it.
            if (!drained)
                _kept[runner.Channel.Name] = (new ChannelCounters(runner.Channel.Counters), runner.Channel.Rejects);
            Publish([.. _runners.Where(other => other != runner)]);
            _removals.Remove(runner);
        }

        return true;
    }

    /// <summary>Drains and stops all channels, all at once.</summary>
    /// <returns>Whether every channel was drained in time.</returns>
    public async Task<bool> StopAsync(TimeSpan drainFor)
    {
        ChannelRunner[] runners;
        lock (_gate)
        {
            _isStopping = true;
            runners = _runners;
        }

        bool[] drained = await Task.WhenAll(runners.Select(runner => runner.StopAsync(drainFor))).ConfigureAwait(false);
        return drained.All(inTime => inTime);
    }

    /// <summary>To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        _network.Dispose();
        // The drain may have needed its room; now nothing is written any more.
        _retention.Dispose();
        foreach (ChannelRunner runner in _runners)
        {
            runner.LeaveFiles();
            runner.Dispose();
        }
    }

    private void Publish(ChannelRunner[] runners)
    {
        _runners = runners;
        _channels = [.. runners.Select(runner => runner.Channel)];
    }

    private ChannelRunner? Find(string name) =>
        _runners.FirstOrDefault(runner => string.Equals(runner.Channel.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Without descriptors, say, nobody can look: then the watch calls this again.</summary>
    private void OnNetworkChange()
    {
        List<Exception> failures = [];
        foreach (ChannelRunner runner in _runners)
        {
            try
            {
                runner.LookAtInterfaces();
            }
            catch (Exception e)
            {
                failures.Add(new InvalidOperationException($"channel {runner.Channel.Name}: {e.Message}", e));
            }
        }

        if (failures is [var first, ..])
            throw new AggregateException($"{failures.Count} channels, the first of them", first);
    }
}
