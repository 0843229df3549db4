using Microsoft.Extensions.Logging;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>Owns the list of channels. Adds, changes, removes and stops each of them independently.</summary>
public sealed class Supervisor : IDisposable
{
    private static readonly TimeSpan RulesAfter = TimeSpan.FromMilliseconds(100), RulesAgainAfter = TimeSpan.FromSeconds(1);

    private readonly PipelineServices _services;
    private readonly ILogger _log;
    private readonly BufferAdvice _advice;
    private readonly ArchiveRetention _retention;
    private readonly NetworkWatch _network;
    // Held only to read and write the list, never while a socket is opened or a disk is awaited.
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

    /// <summary>Decides before retention deletes a file; null if there is no guard. Applies to channels that are added later.</summary>
    public IFileGuard? Guard
    {
        get => _retention.Guard;
        set => _retention.Guard = value;
    }

    /// <summary>
    /// The channels in the order in which they were added. The list object changes only when the channels change. Any thread.
    /// </summary>
    public IReadOnlyList<Channel> Channels => _channels;

    /// <summary>
    /// Adds and starts a channel without any effect on the others. When it returns, everything that can be opened now is open. Any
    /// thread.
    /// </summary>
    /// <exception cref="ArgumentException">A channel of that name exists.</exception>
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
    /// Changes a channel to these options. Only the parts that a changed key concerns are replaced (<see cref="ChannelKeys"/>); nothing
    /// that was received is lost. Any thread.
    /// </summary>
    /// <returns>
    /// The changed keys, once they apply to every further datagram; null if there is no such channel, or all are being stopped.
    /// </returns>
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

    /// <summary>Drains and removes a channel. Its counters end, its files stay. A second call waits for the same removal.</summary>
    /// <returns>False if there is no channel of that name.</returns>
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

    /// <summary>Drains and stops all channels at the same time.</summary>
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

    /// <summary>Frees the supervisor. Call it after <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        _network.Dispose();
        _rulesDue.Dispose();
        // Stopped last, because the drain may need the room that retention frees. Now nothing is written any more.
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

    /// <summary>Follows a change of the network. If it fails, for example without free descriptors, the watch calls it again.</summary>
    private void OnNetworkChange(NetworkSnapshot network)
    {
        List<Exception> failures = [];
        // First, so that no part opens that would break a rule on the host as it is now.
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

    /// <summary>Demands a check of the rules, soon, and once for many changes of the list.</summary>
    private void DemandRules() => _rulesDue.Change(RulesAfter, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Closes parts that break a rule of the configuration check on the present host, until they no longer do.
    /// </summary>
    /// <returns>Why that could not be checked; null if it was. A failed check is tried again.</returns>
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
