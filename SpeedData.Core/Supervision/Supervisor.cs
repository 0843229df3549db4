using Microsoft.Extensions.Logging;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>Owns the list of channels: adds, changes, removes and stops them, each by itself.</summary>
public sealed class Supervisor : IDisposable
{
    private static readonly TimeSpan RulesAfter = TimeSpan.FromMilliseconds(100), RulesAgainAfter = TimeSpan.FromSeconds(1);

    private readonly PipelineServices _services;
    private readonly ILogger _log;
    private readonly BufferAdvice _advice;
    private readonly ArchiveRetention _retention;
    private readonly NetworkWatch _network;
    // Held to read and write the list only: never while a socket is opened or a disk is waited for.
    private readonly Lock _gate = new();
    private readonly Dictionary<SupervisedChannel, Task<bool>> _removals = [];
    private readonly ITimer _rulesDue;
    private readonly Lock _rulesGate = new();
    private readonly HostRules _rules = new();
    private volatile SupervisedChannel[] _channels = [];
    private bool _isStopping;

    public Supervisor(PipelineServices services, ILogger<Supervisor> log)
    {
        _services = services;
        _log = log;
        _advice = new BufferAdvice(log);
        _retention = new ArchiveRetention(services.Files, services.Time, log);
        _rulesDue = services.Time.CreateTimer(_ => TryHoldBreaches(NetworkSnapshot.Now()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _network = new NetworkWatch(OnNetworkChange, () => TryHoldBreaches(NetworkSnapshot.Now()), e => log.LogError("A change of the network could not be handled: {Error}; it is tried again every second", e.Message));
    }

    /// <summary>Is asked before retention deletes a file; null for nobody. For channels that are added from now on.</summary>
    public IFileGuard? Guard
    {
        get => _retention.Guard;
        set => _retention.Guard = value;
    }

    /// <summary>The channels at this moment, in the order they were added; the same list as long as they are the same. Any thread.</summary>
    public IReadOnlyList<Channel> Channels => _channels;

    /// <summary>Adds a channel and starts it; the others do not notice. When it returns, everything is open that can be opened now. Any thread.</summary>
    /// <exception cref="ArgumentException">There is a channel of that name.</exception>
    /// <exception cref="OperationCanceledException">All channels are being stopped.</exception>
    public Channel Add(ChannelOptions options, RecordSchemas schemas)
    {
        var channel = new SupervisedChannel(options, schemas, new ChannelCounters(), new RejectLog(), _services, _retention, _advice, _log);
        lock (_gate)
        {
            if (_isStopping)
                throw new OperationCanceledException($"Channel {options.Name} is not added: all channels are being stopped.");
            if (Find(options.Name) is not null)
                throw new ArgumentException($"There is a channel {options.Name} already.", nameof(options));
            _channels = [.. _channels, channel];
        }

        channel.Start();
        DemandRules();
        return channel;
    }

    /// <summary>
    /// Makes of a channel what these options say. Only the parts that a changed key concerns are replaced
    /// (<see cref="ChannelKeys"/>); nothing that was received is lost. Any thread.
    /// </summary>
    /// <returns>The keys that changed, once every datagram is treated by them; null if there is no channel of that name, or all channels are being stopped.</returns>
    public async Task<IReadOnlyList<ChannelKey>?> ChangeAsync(ChannelOptions options, RecordSchemas schemas)
    {
        SupervisedChannel? channel;
        lock (_gate)
            channel = _isStopping ? null : Find(options.Name);
        if (channel is null)
            return null;
        IReadOnlyList<ChannelKey> changed = await channel.ChangeAsync(options, schemas).ConfigureAwait(false);
        DemandRules();
        return changed;
    }

    /// <summary>Drains and removes a channel; its counters end with it, its files stay. Whoever removes it at the same time waits for the same removal.</summary>
    /// <returns>False if there is none of that name.</returns>
    public Task<bool> RemoveAsync(string name, TimeSpan drainFor)
    {
        lock (_gate)
        {
            if (Find(name) is not { } channel)
                return Task.FromResult(false);
            if (!_removals.TryGetValue(channel, out Task<bool>? removal))
                _removals.Add(channel, removal = Task.Run(() => RemoveAsync(channel, drainFor)));
            return removal;
        }
    }

    /// <summary>Drains and stops all channels, all at once.</summary>
    /// <returns>Whether every channel was drained in time.</returns>
    public async Task<bool> StopAsync(TimeSpan drainFor)
    {
        SupervisedChannel[] channels;
        lock (_gate)
        {
            _isStopping = true;
            channels = _channels;
        }

        bool[] drained = await Task.WhenAll(channels.Select(channel => channel.StopAsync(drainFor))).ConfigureAwait(false);
        return drained.All(inTime => inTime);
    }

    /// <summary>To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        _network.Dispose();
        _rulesDue.Dispose();
        // The drain may have needed its room; now nothing is written any more.
        _retention.Dispose();
        foreach (SupervisedChannel channel in _channels)
            channel.Dispose();
    }

    private async Task<bool> RemoveAsync(SupervisedChannel channel, TimeSpan drainFor)
    {
        await channel.StopAsync(drainFor).ConfigureAwait(false);
        channel.Dispose();
        lock (_gate)
        {
            _channels = [.. _channels.Where(other => other != channel)];
            _removals.Remove(channel);
        }

        DemandRules();
        return true;
    }

    private SupervisedChannel? Find(string name) =>
        Array.Find(_channels, channel => string.Equals(channel.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Without descriptors, say, nobody can look: then the watch calls this again.</summary>
    private void OnNetworkChange(NetworkSnapshot network)
    {
        List<Exception> failures = [];
        // First: what must not be opened as the host is now is not opened.
        if (TryHoldBreaches(network) is { } failure)
            failures.Add(failure);
        foreach (SupervisedChannel channel in _channels)
        {
            try
            {
                channel.FollowNetwork(network);
            }
            catch (Exception e)
            {
                failures.Add(new InvalidOperationException($"channel {channel.Name}: {e.Message}", e));
            }
        }

        if (failures is [var first, ..])
            throw new AggregateException($"{failures.Count} failures, the first of them", first);
    }

    /// <summary>Soon, and once for many changes of the list.</summary>
    private void DemandRules() => _rulesDue.Change(RulesAfter, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// What the configuration check promised must also hold later: a part that breaks a rule is closed until it no longer does.
    /// </summary>
    /// <returns>Why that cannot be seen; it is then tried again.</returns>
    private InvalidOperationException? TryHoldBreaches(NetworkSnapshot network)
    {
        try
        {
            lock (_rulesGate)
            {
                SupervisedChannel[] channels = _channels;
                IReadOnlyDictionary<string, Breaches> breaches = _rules.Check([.. channels.Select(channel => channel.Options)], HostView.Of(network));
                foreach (SupervisedChannel channel in channels)
                    channel.Hold(breaches.GetValueOrDefault(channel.Name, Breaches.None));
            }

            return null;
        }
        catch (Exception e)
        {
            _rulesDue.Change(RulesAgainAfter, Timeout.InfiniteTimeSpan);
            return new InvalidOperationException($"the rules of the configuration: {e.Message}", e);
        }
    }
}
