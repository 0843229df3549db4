using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Reading.Runs;
using SpeedData.Core.Tags;
using SpeedData.Server.Inspect;
using SpeedData.Server.Recordings;

namespace SpeedData.Server.Reading;

/// <summary>The JSON output of ls and of <c>/api/v1/runs</c>.</summary>
internal sealed record RunsView(IReadOnlyList<RunView> Runs, string? Next = null)
{
    public static RunsView Of(IEnumerable<RecordedRun> runs, IReadOnlyList<Tag> tags, long nowNs) => new([.. runs.Select(run => RunView.Of(run, tags, nowNs))]);
}

internal sealed record RunView(string Id, string From, string To, double Seconds, long Records, long Bytes, long Lost, bool Open, IReadOnlyList<string> Tags, IReadOnlyList<RunChannelView> Channels)
{
    /// <param name="run">The run.</param>
    /// <param name="tags">All tags. The view lists the names of tags that overlap the run.</param>
    /// <param name="nowNs">The present time.</param>
    public static RunView Of(RecordedRun run, IReadOnlyList<Tag> tags, long nowNs) => new(
        run.Id,
        TimeText.Of(run.FromNs)!,
        TimeText.Of(run.ToNs)!,
        (run.ToNs - run.FromNs) / 1e9,
        run.Channels.Sum(channel => channel.Records),
        run.Channels.Sum(channel => channel.Bytes),
        run.Channels.Sum(channel => channel.Lost),
        run.IsOpenAt(nowNs),
        [.. tags.Where(tag => tag.Meets(run.FromNs, run.ToNs)).Select(tag => tag.Name)],
        [.. run.Channels.Select(RunChannelView.Of)]);
}

internal sealed record RunChannelView(string Channel, string From, string To, long Records, double Rate, long Bytes, long Lost, IReadOnlyList<GapView> Gaps, IReadOnlyList<string> Files, string? Schema)
{
    public static RunChannelView Of(RunChannel channel) => new(
        channel.Channel,
        TimeText.Of(channel.FromNs)!,
        TimeText.Of(channel.ToNs)!,
        channel.Records,
        channel.ToNs > channel.FromNs ? Math.Round(channel.Records / ((channel.ToNs - channel.FromNs) / 1e9), 3) : 0,
        channel.Bytes,
        channel.Lost,
        [.. channel.Gaps.Select(gap => new GapView(TimeText.Of(gap.FromNs)!, TimeText.Of(gap.ToNs)!, gap.Lost, gap.Why))],
        [.. channel.Stretches.SelectMany(stretch => stretch.Files).Distinct()],
        channel.Stretches[^1].Schema);
}

internal sealed record GapView(string From, string To, long? Lost, string Why);

/// <summary>The JSON of the reading commands.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RunsView))]
[JsonSerializable(typeof(CoverageView))]
[JsonSerializable(typeof(ArchiveListView))]
[JsonSerializable(typeof(InfoView))]
[JsonSerializable(typeof(CheckView))]
internal sealed partial class ReadingJson : JsonSerializerContext;
