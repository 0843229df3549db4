using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Runs;

namespace SpeedData.Server.Reading;

/// <summary>Converts the options --from, --to, --run and --tag to a range.</summary>
internal static class RangeChoice
{
    /// <param name="range">The options.</param>
    /// <param name="root">All channels below the path. A run spans all of them.</param>
    /// <param name="pauses">The pauses that end a run.</param>
    /// <param name="now">The present time.</param>
    /// <param name="local">The zone for times without a zone; null to refuse such times.</param>
    /// <param name="stop">Cancels the search for runs.</param>
    /// <exception cref="ReadingException">The options are no valid range.</exception>
    public static TimeRange Of(RangeArguments range, IReadOnlyList<RecordedChannel> root, RunPauses pauses, DateTimeOffset now, TimeZoneInfo? local, CancellationToken stop)
    {
        if (range is { Run: not null, Tag: not null })
            throw new ReadingException("--run and --tag exclude each other; give one of them");
        TimeRange? run = range.Run is { } id ? RunOf(id, root, pauses, stop).Range : range.Tag is { } name ? TagOf(name, root) : null;
        var moments = new MomentText(now, local, run);
        RangeClock clock = range.Clock switch
        {
            null or "received" => RangeClock.Received,
            "device" => RangeClock.Device,
            _ => throw new ReadingException($"clock {range.Clock}: use received or device"),
        };
        long? from = range.From is { } begin ? moments.Parse("--from", begin) : null;
        long? to = range.To is { } end ? moments.Parse("--to", end) : null;
        TimeRange chosen = run is not { } within ? new TimeRange(from, to, clock)
            // A run or a tag contains what was received in its range, whatever the device's clock showed.
            : clock == RangeClock.Received || (from ?? to) is null ? new TimeRange(from ?? within.FromNs, to ?? within.ToNs)
            : new TimeRange(from, to, clock) { ReceivedWithin = (within.FromNs, within.ToNs) };
        return chosen.FromNs > chosen.ToNs ? throw new ReadingException($"--from ({TimeOf(chosen.FromNs)}) is after --to ({TimeOf(chosen.ToNs)})") : chosen;
    }

    /// <summary>Describes the range in words: UTC times, and the clock they refer to.</summary>
    public static string Text(TimeRange range, ChannelSelection[] channels) => Text(channels.Length > 0 && Array.TrueForAll(channels, channel => channel.HasDeviceTimesOnly) ? range with { Clock = RangeClock.Device } : range);

    private static string Text(TimeRange range) => range.IsOpen
        ? "range: all records"
        : $"range: {TimeOf(range.FromNs) ?? "the beginning"} to {TimeOf(range.ToNs) ?? "the end"}, by {(range.Clock == RangeClock.Device ? "device" : "receive")} time{(range.ReceivedWithin is { } within ? $", of what was received from {TimeOf(within.FromNs) ?? "the beginning"} to {TimeOf(within.ToNs) ?? "now"}" : "")}";

    private static string? TimeOf(long? ns) => TimeText.Of(ns);

    /// <summary>Returns the range of a tag. An open tag has no end.</summary>
    private static TimeRange TagOf(string name, IReadOnlyList<RecordedChannel> root) => TagsAt.Find(root, name) is { } tag
        ? new TimeRange(tag.FromNs, tag.ToNs)
        : throw new ReadingException($"--tag {name}: there is no such tag; tag ls lists all");

    private static RecordedRun RunOf(string id, IReadOnlyList<RecordedChannel> root, RunPauses pauses, CancellationToken stop)
    {
        IReadOnlyList<RecordedRun> runs = RecordedRun.Find(root, pauses.Of, stop);
        if (runs.Count == 0)
            throw new ReadingException($"--run {id}: no run was recorded there");
        return id == "last" ? runs[^1]
            : runs.FirstOrDefault(run => run.Id == id)
            ?? throw new ReadingException($"--run {id}: there is no such run; the last is {runs[^1].Id}, and ls lists all");
    }
}
