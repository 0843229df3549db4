using System.Net;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Diagnostics;
using SpeedData.Server.Metrics;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Reporting;

/// <summary>An event of a channel since the last check.</summary>
/// <param name="Source">Where it happened: a stage, a stream, a sender.</param>
/// <param name="Reason">What happened; the same text for all events of a kind.</param>
/// <param name="Count">How often it happened.</param>
/// <param name="Detail">Creates the log line without the channel's name; called only when it is logged.</param>
/// <param name="Exception">The cause.</param>
/// <param name="InDetail">How many of <paramref name="Count"/> the detail covers.</param>
internal sealed record ChannelEvent(string Source, string Reason, long Count, LogLevel Level, Func<string> Detail, Exception? Exception = null, long InDetail = 1)
{
    /// <summary>Whether every such event is logged, since each has other content. Its source ensures that there are few.</summary>
    public bool IsAlwaysNews { get; init; }
}

/// <summary>Finds what changed in a channel between two checks. One thread.</summary>
internal sealed class ChannelWatch(Channel channel, TimeProvider time, KernelDropCause kernel, Func<RejectCount, string> describeReject)
{
    // Deletions are reported once a minute: even ten thousand files an hour make sixty lines.
    private static readonly TimeSpan BetweenDeletions = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(IPAddress?, DropReason, byte), long> _rejects = [];
    private readonly HashSet<string> _notices = [], _futureNames = [];
    // Streams that came up again at this check. Their errors are reported in the same line.
    private readonly HashSet<string> _upAgain = [];
    private Appearance? _seen;
    private LedgerSnapshot _ledger;
    private long _syncErrors;
    private readonly Dictionary<string, (PartState State, long Errors)> _streams = [];
    private Fault? _fault;
    private Fault? _archiveFault;
    private bool _wasDown;
    private bool _archiveWasDown;
    private int _recovered;
    private Fault? _retentionFault;
    private long? _deletionsReportedAt;
    private long _notArchivedBefore;

    public Channel Channel => channel;

    /// <summary>Returns all new events except refused datagrams, which <see cref="Rejects"/> returns.</summary>
    public IEnumerable<ChannelEvent> Faults()
    {
        // This runs once a second for perhaps a thousand channels, and in most of them nothing has happened.
        LedgerSnapshot ledger = kernel.MayHaveDropped || _seen is null ? channel.Counters.Snapshot() : channel.Counters.SnapshotAfter(_ledger);
        ChannelParts parts = channel.Parts;
        var now = new Appearance(channel.State, channel.ArchiveNews, channel.Retention?.Fault, parts.Full, parts.Decimated, channel.Notices, channel.Counters.SyncErrors, ledger);
        if (now == _seen)
            return Deletions();
        _seen = now;
        _upAgain.Clear();
        return [.. Receive(now.State), .. StreamStates(now.Ledger), .. Notices(now.Notices), .. Archive(channel.Archive, now.Ledger), .. Retention(now.RetentionFault), .. Deletions(), .. Counters(now.Ledger), .. SyncErrors()];
    }

    /// <summary>Returns events that were held back for later; for the end of the process.</summary>
    public IEnumerable<ChannelEvent> Rest()
    {
        _deletionsReportedAt = null;
        return Deletions();
    }

    /// <summary>Returns one event for all files that were deleted in a minute.</summary>
    private IEnumerable<ChannelEvent> Deletions()
    {
        if (channel.Retention is not { Deletions: { IsEmpty: false } log } || _deletionsReportedAt is { } at && time.GetElapsedTime(at) < BetweenDeletions)
            return [];
        _deletionsReportedAt = time.GetTimestamp();
        return log.Take() is { } deleted ? [new ChannelEvent("retention", "deleted", 1, LogLevel.Information, () => DeletionText.Of(deleted)) { IsAlwaysNews = true }] : [];
    }

    /// <summary>Returns refused datagrams, by sender and reason.</summary>
    public IEnumerable<ChannelEvent> Rejects()
    {
        foreach (RejectCount group in channel.Rejects.Counts())
        {
            var key = (group.Source, group.Drop, group.Kind);
            long more = group.Count - _rejects.GetValueOrDefault(key);
            _rejects[key] = group.Count;
            if (more > 0)
                yield return new ChannelEvent(RejectNames.SourceOf(group), RejectNames.ReasonOf(group), more, LogLevel.Warning, () => describeReject(group));
        }
    }

    private IEnumerable<ChannelEvent> Notices(StreamNotices notices) =>
        notices.All.Where(_notices.Add).Select(notice => new ChannelEvent("relay", notice, 1, LogLevel.Warning, () => notice));

    /// <summary>Returns an event when a stream goes down, and one when it comes up again.</summary>
    private IEnumerable<ChannelEvent> StreamStates(LedgerSnapshot ledger)
    {
        foreach (StreamFigures stream in Streams.All)
        {
            PartState? now = stream.Part(channel.Parts);
            bool wasDown = _streams.TryGetValue(stream.Name, out (PartState State, long Errors) before);
            string source = $"{stream.Name} stream";
            if (!wasDown && now is { Up: false, IsOnPurpose: false })
            {
                _streams[stream.Name] = (now, stream.Errors(_ledger));
                yield return new ChannelEvent(source, now.Why!, 1, LogLevel.Error, () => $"{source}: {now.Why}; its datagrams count as errors,{(now.RetryAt is { } at ? $" next try at {at:HH:mm:ss.fff}Z," : "")} the rest of the channel continues");
            }
            else if (wasDown && now is null or { Up: true } && _streams.Remove(stream.Name))
            {
                _upAgain.Add(stream.Name);
                long errors = stream.Errors(ledger) - before.Errors;
                yield return new ChannelEvent(source, "recovered", 1, LogLevel.Information, () => $"{source}: works again; {errors:N0} datagrams were not sent in between") { IsAlwaysNews = true };
            }
        }
    }

    private IEnumerable<ChannelEvent> Receive(ChannelState state)
    {
        if (state.LastFault is { } fault && !ReferenceEquals(fault, _fault))
        {
            _fault = fault;
            _wasDown = true;
            yield return new ChannelEvent(NameOf(fault.Role), fault.Message, 1, LogLevel.Error, () => Describe(fault, state), fault.Exception);
        }
        if (_wasDown && state.Status == ChannelStatus.Active)
        {
            _wasDown = false;
            yield return new ChannelEvent("supervision", "recovered", 1, LogLevel.Information, () => "recovered, active again");
        }
    }

    private IEnumerable<ChannelEvent> Archive(ArchiveState? archive, LedgerSnapshot ledger)
    {
        if (archive is null)
            yield break;
        foreach (string name in archive.NamedInTheFuture.Where(_futureNames.Add))
            yield return new ChannelEvent("archive", name, 1, LogLevel.Warning, () => $"archive: the time in the name of {name} is in the future; new files get their true time, and retention does not delete this one by its age: rename or remove it");
        long notArchived = ledger.Dropped(DropReason.Disk) + ledger.Dropped(DropReason.RingFull);
        if (!_archiveWasDown && archive.IsUp)
            _notArchivedBefore = notArchived;
        if ((archive.Fault ?? archive.LastFault) is { } fault && !ReferenceEquals(fault, _archiveFault))
        {
            _archiveFault = fault;
            _archiveWasDown = true;
            yield return new ChannelEvent("archive", fault.Message, 1, LogLevel.Error, () => $"archive: {fault.Message.TrimEnd('.')}; the relay continues", fault.Exception);
        }
        if (_archiveWasDown && archive.IsUp)
        {
            _archiveWasDown = false;
            long missing = notArchived - _notArchivedBefore;
            yield return new ChannelEvent("archive", "recovered", 1, LogLevel.Information, () => $"archive: works again; {missing:N0} datagrams were dropped in between (disk and ring_full)") { IsAlwaysNews = true };
        }
        // A new writer starts its list again.
        foreach (RecoveryReport report in archive.Recovered.Skip(archive.Recovered.Count < _recovered ? 0 : _recovered))
            yield return new ChannelEvent("recovery", report.File, 1, LevelOf(report), () => RecoveryText.Of(report));
        _recovered = archive.Recovered.Count;
    }

    private static LogLevel LevelOf(RecoveryReport report) =>
        report.Failed ? LogLevel.Error : report.AsideBytes > 0 ? LogLevel.Warning : LogLevel.Information;

    private IEnumerable<ChannelEvent> Retention(Fault? fault)
    {
        if (ReferenceEquals(fault, _retentionFault))
            yield break;
        _retentionFault = fault;
        yield return fault is null
            ? new ChannelEvent("retention", "recovered", 1, LogLevel.Information, () => "retention: old files are deleted again")
            : new ChannelEvent("retention", fault.Message, 1, LogLevel.Error, () => $"retention: {fault.Message.TrimEnd('.')}; recording continues", fault.Exception);
    }

    private IEnumerable<ChannelEvent> Counters(LedgerSnapshot now)
    {
        LedgerSnapshot before = _ledger;
        _ledger = now;
        return now == before ? [] : [.. Drops(before, now), .. RelayErrors(before, now)];
    }

    private IEnumerable<ChannelEvent> Drops(LedgerSnapshot before, LedgerSnapshot now) =>
        from drop in DropReasons.All
        where drop.Reason is not (DropReason.Invalid or DropReason.SourceDenied)
        let more = now.Dropped(drop.Reason) - before.Dropped(drop.Reason)
        where more > 0
        select Dropped(drop.Reason, drop.Name, more);

    private IEnumerable<ChannelEvent> RelayErrors(LedgerSnapshot before, LedgerSnapshot now) =>
        from stream in Streams.Enabled(channel)
        where !_streams.ContainsKey(stream.Name) && !_upAgain.Contains(stream.Name)
        let more = stream.Errors(now) - stream.Errors(before)
        where more > 0
        let way = stream.Options(channel.Options)
        select new ChannelEvent($"{stream.Name} stream", "datagrams not sent", more, LogLevel.Warning, () => $"{more:N0} datagrams of the {stream.Name} stream to {way.Address}:{way.Port} count as errors: the network is slower than the stream, there is no route, or the receiving host refused them", InDetail: more);

    private IEnumerable<ChannelEvent> SyncErrors()
    {
        long more = channel.Counters.SyncErrors - _syncErrors;
        _syncErrors += more;
        if (more > 0)
            yield return new ChannelEvent("archive", "fdatasync failed", more, LogLevel.Error, () => "archive: fdatasync failed and the file was closed; the disk may be failing");
    }

    private ChannelEvent Dropped(DropReason reason, string name, long more) => new(name, "datagrams dropped", more, LogLevel.Warning, () => $"{more:N0} datagrams dropped, {name}: " + reason switch
    {
        DropReason.Kernel => kernel.Text(channel.Gauges?.ReceiveBufferBytes),
        DropReason.RingFull => $"the writer did not keep up: the disk is too slow, or Ring:Bytes of {channel.Options.Ring.Bytes:N0} is too small",
        DropReason.Disk => "they could not be written",
        _ => "lost in memory by a fault, or because time ran out at the stop",
    }, InDetail: more);

    private static string Describe(Fault fault, ChannelState state) => state.Status switch
    {
        ChannelStatus.Stalled => $"{NameOf(fault.Role)}: {fault.Message}; stalled, a thread does not return from a system call",
        ChannelStatus.Faulted when state.RetryAt is { } at => $"{NameOf(fault.Role)}: {fault.Message}; fault {state.FaultsInARow:N0} in a row, next try at {at:HH:mm:ss.fff}Z",
        _ => $"{NameOf(fault.Role)}: {fault.Message}",
    };

    private static string NameOf(FaultRole role) => Http.ApiJson.NameOf(role);

    /// <summary>Everything that a check compares. If it is equal, nothing happened.</summary>
    private readonly record struct Appearance(ChannelState State, ArchiveNews Archive, Fault? RetentionFault, PartState? Full, PartState? Decimated, StreamNotices Notices, long SyncErrors, LedgerSnapshot Ledger);
}
