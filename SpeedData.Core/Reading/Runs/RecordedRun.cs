using System.Globalization;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Runs;

/// <summary>What a channel sent within a run.</summary>
public sealed record RunChannel(string Channel, IReadOnlyList<Stretch> Stretches, IReadOnlyList<Gap> Gaps)
{
    public long FromNs => Stretches[0].FromNs;

    public long ToNs => Stretches.Max(stretch => stretch.ToNs);

    public long Records => Stretches.Sum(stretch => stretch.Records);

    public long Bytes => Stretches.Sum(stretch => stretch.Bytes);

    public long Lost => Stretches.Sum(stretch => stretch.Lost);
}

/// <summary>A stretch of recording without a pause of all its channels.</summary>
public sealed record RecordedRun(long FromNs, long ToNs, IReadOnlyList<RunChannel> Channels)
{
    /// <summary>The UTC second of its start.</summary>
    public string Id => DateTimeOffset.FromUnixTimeSeconds(FromNs / 1_000_000_000).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>When the pause that ends it is over, if nothing else comes.</summary>
    public required long EndsNs { get; init; }

    /// <summary>Whether it can still grow: a file is being written, and the pause is not over.</summary>
    public bool IsOpenAt(long nowNs) => nowNs <= EndsNs && Channels.Any(channel => channel.Stretches[^1].IsOpen);

    /// <summary>Its range, the last record included.</summary>
    public TimeRange Range => new(FromNs, ToNs + 1);

    /// <summary>The runs of channels, by their start.</summary>
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

    /// <summary>The runs of a root.</summary>
    /// <param name="channels">Its channels.</param>
    /// <param name="pauseNs">By channel the longest silence within a run; null for the usual one.</param>
    /// <param name="stop">Ends it.</param>
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
