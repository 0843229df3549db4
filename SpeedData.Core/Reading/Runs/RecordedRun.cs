using System.Globalization;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Runs;

/// <summary>The data that a channel sent during a run.</summary>
public sealed record RunChannel(string Channel, IReadOnlyList<Stretch> Stretches, IReadOnlyList<Gap> Gaps)
{
    public long FromNs => Stretches[0].FromNs;

    public long ToNs => Stretches.Max(stretch => stretch.ToNs);

    public long Records => Stretches.Sum(stretch => stretch.Records);

    public long Bytes => Stretches.Sum(stretch => stretch.Bytes);

    public long Lost => Stretches.Sum(stretch => stretch.Lost);
}

/// <summary>A recording during which the channels were never all silent for longer than a pause.</summary>
public sealed record RecordedRun(long FromNs, long ToNs, IReadOnlyList<RunChannel> Channels)
{
    /// <summary>The start time to the UTC second.</summary>
    public string Id => DateTimeOffset.FromUnixTimeSeconds(FromNs / 1_000_000_000).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time at which the run ends if no more data arrives.</summary>
    public required long EndsNs { get; init; }

    /// <summary>Whether the run can still grow: a file is being written, and the pause has not passed.</summary>
    public bool IsOpenAt(long nowNs) => nowNs <= EndsNs && Channels.Any(channel => channel.Stretches[^1].IsOpen);

    /// <summary>The time range of the run, including the last record.</summary>
    public TimeRange Range => new(FromNs, ToNs + 1);

    /// <summary>Finds the runs of channels, in order of their start.</summary>
    /// <param name="activities">The channels.</param>
    public static IReadOnlyList<RecordedRun> Find(IEnumerable<ChannelActivity> activities)
    {
        var runs = new List<RecordedRun>();
        var open = new List<(ChannelActivity Channel, Stretch Stretch)>();
        long end = long.MinValue;
        foreach ((ChannelActivity channel, Stretch stretch) in activities.SelectMany(channel => channel.Stretches.Select(stretch => (channel, stretch))).OrderBy(pair => pair.stretch.FromNs))
        {
            if (open.Count > 0 && stretch.FromNs > end)
                Close(open, end, runs);
            end = Math.Max(open.Count == 0 ? long.MinValue : end, stretch.ToNs + Math.Min(channel.PauseNs, long.MaxValue - Math.Max(0, stretch.ToNs)));
            open.Add((channel, stretch));
        }

        if (open.Count > 0)
            Close(open, end, runs);
        return runs;
    }

    /// <summary>Finds the runs of an archive root.</summary>
    /// <param name="channels">The channels of the root.</param>
    /// <param name="pauseNs">The longest silence within a run for each channel; null for the default.</param>
    /// <param name="stop">Cancels the reading.</param>
    public static IReadOnlyList<RecordedRun> Find(IEnumerable<RecordedChannel> channels, Func<string, long?> pauseNs, CancellationToken stop) =>
        Find(channels.Select(channel => ChannelActivity.Of(channel, pauseNs(channel.Name), stop)));

    private static void Close(List<(ChannelActivity Channel, Stretch Stretch)> open, long end, List<RecordedRun> runs)
    {
        RunChannel[] channels = [.. open.GroupBy(pair => pair.Channel.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Of(group.Key, [.. group.Select(pair => pair.Stretch)]))];
        runs.Add(new RecordedRun(open[0].Stretch.FromNs, open.Max(pair => pair.Stretch.ToNs), channels) { EndsNs = end });
        open.Clear();
    }

    private static RunChannel Of(string name, Stretch[] stretches)
    {
        IEnumerable<Gap> pauses = stretches.Zip(stretches.Skip(1), (before, after) => new Gap(before.ToNs, after.FromNs, null, after.IsAfterRestart ? "restart" : "pause"));
        return new RunChannel(name, stretches, [.. stretches.SelectMany(stretch => stretch.Gaps).Concat(pauses).OrderBy(gap => gap.FromNs)]);
    }
}
