using System.Globalization;
using System.Text.Json;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Runs;
using SpeedData.Core.Tags;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>Runs the command ls.</summary>
internal static class ListRun
{
    /// <returns>The exit code.</returns>
    public static int Run(ListArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        IReadOnlyList<RecordedChannel> root = ReadPlace.Find(arguments.Place);
        IReadOnlyList<Tag> tags = TagsAt.All(root);
        IReadOnlyList<RecordedRun> runs = RecordedRun.Find(root, RunPauses.Of(arguments.Pauses, arguments.Place, environment.Error).Of, stop);
        long nowNs = TimeText.NsOf(environment.Time.GetUtcNow());
        if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(RunsView.Of(runs, tags, nowNs), ReadingJson.Default.RunsView));
        else
            PlainText.Write(environment.Output, runs.Count == 0 ? ["no runs"] : runs.SelectMany(run => Lines(RunView.Of(run, tags, nowNs), arguments.ByChannel)));
        return ExitCode.Ok;
    });

    private static IEnumerable<string> Lines(RunView view, bool byChannel)
    {
        yield return $"{view.Id}  {Seconds(view.Seconds)}  {view.Records:N0} records  {Size(view.Bytes)}  {Lost(view.Lost, view.Channels.Sum(channel => channel.Gaps.Count))}{(view.Open ? "  open" : "")}  {string.Join(' ', view.Channels.Select(channel => channel.Channel))}{(view.Tags.Count > 0 ? $"  tags: {string.Join(' ', view.Tags)}" : "")}";
        if (!byChannel)
            yield break;
        foreach (RunChannelView channel in view.Channels)
        {
            yield return $"    {channel.Channel}  {channel.From} to {channel.To}  {channel.Records:N0} records, {channel.Rate:0.#}/s  {Size(channel.Bytes)}  {Lost(channel.Lost, channel.Gaps.Count)}  {channel.Files.Count:N0} {(channel.Files.Count == 1 ? "file" : "files")}";
            foreach (GapView gap in channel.Gaps.Take(20))
                yield return $"        {gap.From} to {gap.To}  {(gap.Lost is { } lost ? $"{lost:N0} lost" : "unknown")}: {gap.Why}";
            if (channel.Gaps.Count > 20)
                yield return $"        and {channel.Gaps.Count - 20:N0} more; --json lists all";
        }
    }

    private static string Seconds(double seconds) => seconds < 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : TimeSpan.FromSeconds(seconds).ToString(seconds < 86_400 ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes < 10_000_000 ? $"{bytes / 1e3:0.0} kB" : $"{bytes / 1e6:N0} MB";

    private static string Lost(long lost, int gaps) => lost == 0 && gaps == 0 ? "nothing lost" : $"{lost:N0} lost, {gaps:N0} {(gaps == 1 ? "gap" : "gaps")}";
}
