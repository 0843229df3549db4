using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Reporting;

/// <summary>
/// Logs the events of all channels. It checks each channel once a second, logs a fault once in detail, and its
/// repetitions once a minute with a count. The stages themselves never log.
/// </summary>
internal sealed class FaultReporter : IHostedService, IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1), LongestStop = TimeSpan.FromSeconds(2);

    private readonly IChannelHost _channels;
    private readonly RejectReport _reports;
    private readonly TimeProvider _time;
    private readonly ILogger<FaultReporter> _log;
    private readonly PeriodicThread _looks;
    private readonly Repetitions _faults;
    private readonly KernelDropCause _kernel = new(HostUdpErrors.Read);
    private readonly ReversePathWatch _reversePath;

    // Sender addresses can be forged, so the number of senders must be limited.
    private readonly Repetitions _refusals;
    private IReadOnlyList<Channel> _present = [];
    private ChannelWatch[] _watches = [];

    public FaultReporter(IChannelHost channels, RejectReport rejects, TimeProvider time, ILogger<FaultReporter> log)
    {
        _channels = channels;
        _reports = rejects;
        _time = time;
        _log = log;
        _faults = new Repetitions(time, perChannel: 16, perProcess: 1_000);
        _refusals = new Repetitions(time, perChannel: 8, perProcess: 50);
        _reversePath = new ReversePathWatch(ReversePathDrops.Read, time);
        _looks = new PeriodicThread("report", BetweenLooks, LookAtAll, log);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _looks.Start();
        return Task.CompletedTask;
    }

    /// <summary>Logs the remaining events after the drain.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // A check that does not end may still use everything.
        if (_looks.TryEnd(LongestStop))
        {
            LookAtAll();
            foreach (ChannelWatch watch in _watches)
                ReportRest(watch);
            Tell(_faults.Rest());
            Tell(_refusals.Rest());
        }
        return Task.CompletedTask;
    }

    /// <summary>Ends the checks. A host that could not start is disposed of without a stop.</summary>
    public void Dispose() => _looks.TryEnd(LongestStop);

    internal void LookAtAll()
    {
        IReadOnlyList<Channel> present = _channels.Channels;
        if (!ReferenceEquals(present, _present))
            Watch(present);
        _kernel.Look();
        if (_reversePath.Look() is { } dropped)
            _log.LogWarning("{Dropped}", dropped);
        foreach (ChannelWatch watch in _watches)
        {
            try
            {
                LookAt(watch);
            }
            catch (Exception e)
            {
                // A failed check is a fault like any other. The process and the checks of other channels continue.
                Tell(_faults, watch.Channel, new ChannelEvent("report", e.Message, 1, LogLevel.Error, () => $"cannot be checked: {e.Message}", e));
            }
        }
        Tell(_faults.Due());
        Tell(_refusals.Due());
    }

    private void Watch(IReadOnlyList<Channel> present)
    {
        Dictionary<Channel, ChannelWatch> before = _watches.ToDictionary(watch => watch.Channel);
        _watches = [.. present.Select(channel => before.GetValueOrDefault(channel) ?? new ChannelWatch(channel, _time, _kernel, group => DescribeReject(channel, group)))];
        _present = present;
    }

    private void LookAt(ChannelWatch watch)
    {
        foreach (ChannelEvent news in watch.Faults())
            Tell(_faults, watch.Channel, news);
        foreach (ChannelEvent news in watch.Rejects())
            Tell(_refusals, watch.Channel, news);
    }

    private void ReportRest(ChannelWatch watch)
    {
        foreach (ChannelEvent news in watch.Rest())
            Tell(_faults, watch.Channel, news);
    }

    private void Tell(Repetitions repetitions, Channel channel, ChannelEvent news)
    {
        if (!news.IsAlwaysNews && !repetitions.IsNews(new FaultKey(channel.Name, news.Source, news.Reason), news.Count, news.InDetail))
            return;
        _log.Log(news.Level, "Channel {Channel}: {Detail}", channel.Name, OneLine(news.Detail()));
        if (news.Exception is not null)
            _log.LogDebug(news.Exception, "Channel {Channel}: the exception", channel.Name);
    }

    private void Tell(IReadOnlyList<Repetition> repetitions)
    {
        foreach ((FaultKey key, long count) in repetitions)
        {
            if (key.Source.Length == 0)
                _log.LogWarning("Channel {Channel}: {Count:N0} more faults of various kinds or senders, not logged separately", key.Channel, count);
            else
                _log.LogWarning("Channel {Channel}: {Source}: {Reason}: {Count:N0} more", key.Channel, key.Source, OneLine(key.Reason), count);
        }
    }

    private string DescribeReject(Channel channel, RejectCount group)
    {
        string what = $"{RejectNames.SourceOf(group)}: refused, {RejectNames.ReasonOf(group)}";
        if (channel.Rejects.Read().FirstOrDefault(g => SameGroup(g.Of, group)) is not { First: [RejectSample sample, ..] })
            return what;
        RejectSampleView view = _reports.Of(channel, sample);
        string why = view.Why is null ? "" : $": {(view.Field is "" or null ? "record" : view.Field)} at offset {view.Offset}: {view.Why}";
        string hint = view.Hints.Count > 0 ? $" ({view.Hints[0]})" : "";
        return $"{what}: {sample.Length:N0} bytes from {sample.Source}{why}{hint}; see /api/v1/channels/{channel.Name}/rejects";
    }

    private static bool SameGroup(RejectCount a, RejectCount b) =>
        Equals(a.Source, b.Source) && (a.Source is null || (a.Drop == b.Drop && a.Kind == b.Kind));

    /// <summary>Shortens text from outside to one line, so that it can neither forge log lines nor fill the log.</summary>
    private static string OneLine(string text)
    {
        const int Most = 600;
        string line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= Most ? line : string.Concat(line.AsSpan(0, Most), "…");
    }
}
