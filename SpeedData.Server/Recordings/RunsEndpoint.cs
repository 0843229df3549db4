using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>The coverage of the channels: where there is data and where there are gaps.</summary>
internal sealed record CoverageView(IReadOnlyList<ChannelCoverageView> Channels, string? Next);

internal sealed record ChannelCoverageView(string Channel, IReadOnlyList<SegmentView> Segments, IReadOnlyList<GapView> Gaps);

internal sealed record SegmentView(string From, string To, long Records, long Lost, string Run);

/// <summary>Answers with runs, newest first, and with the coverage that a timeline draws.</summary>
internal sealed class RunsEndpoint(SpeedDataOptions options, IChannelHost host, TimeProvider time, ReaderSlots slots)
{
    private const int UsualLimit = 100;

    public Task RunsAsync(HttpContext context) => AnswerAsync(context, UsualLimit, (newest, next) =>
        Answer.WriteAsync(context, StatusCodes.Status200OK, new RunsView(newest, next), ReadingJson.Default.RunsView));

    /// <summary>Answers with the coverage of the range, or of its newest runs if there is a limit. Entries are in order of time.</summary>
    public Task CoverageAsync(HttpContext context) => AnswerAsync(context, int.MaxValue, (newest, next) =>
    {
        var pairs = newest.Reverse().SelectMany(run => run.Channels.Select(channel => (run, channel))).ToArray();
        var view = new CoverageView([.. pairs.GroupBy(pair => pair.channel.Channel).Select(group => new ChannelCoverageView(
            group.Key,
            [.. group.Select(pair => new SegmentView(pair.channel.From, pair.channel.To, pair.channel.Records, pair.channel.Lost, pair.run.Id))],
            [.. group.SelectMany(pair => pair.channel.Gaps)]))], next);
        return Answer.WriteAsync(context, StatusCodes.Status200OK, view, ReadingJson.Default.CoverageView);
    });

    private async Task AnswerAsync(HttpContext context, int standardLimit, Func<IReadOnlyList<RunView>, string?, Task> answer)
    {
        try
        {
            var moments = new MomentText(time.GetUtcNow(), null);
            long? from = context.Request.Query["from"].FirstOrDefault() is { } begin ? moments.Parse("from", begin) : null;
            long? to = context.Request.Query["to"].FirstOrDefault() is { } end ? moments.Parse("to", end) : null;
            var page = ListPage.Of(context.Request.Query, standardLimit);
            if (await ListAsync(context) is not { } runs)
                return;
            RunView[] newest = [.. runs.Reverse()
                .Where(run => !(moments.Parse("to", run.To) < from) && !(moments.Parse("from", run.From) >= to))
                .Where(run => page.After is null || string.CompareOrdinal(run.Id, page.After) < 0)];
            IReadOnlyList<RunView> taken = page.Take(newest, run => run.Id, out string? next);
            await answer(taken, next);
        }
        catch (ReadingException e) when (!context.Response.HasStarted)
        {
            await Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private async Task<IReadOnlyList<RunView>?> ListAsync(HttpContext context)
    {
        if (!Directory.Exists(options.AvroPath))
            return [];
        using IDisposable? slot = slots.TryTake();
        if (slot is null)
        {
            await RecordsEndpoint.BusyAsync(context);
            return null;
        }

        using ReaderProcess child = await ReaderProcess.StartAsync(["ls", options.AvroPath, "--json", .. RunPauses.Texts(host.Channels).Select(pause => $"--pause={pause}")]);
        var output = new MemoryStream();
        await child.Output.CopyToAsync(output, context.RequestAborted);
        (int exitCode, string errors) = await child.EndAsync(context.RequestAborted);
        return exitCode == ExitCode.Ok
            ? JsonSerializer.Deserialize(output.GetBuffer().AsSpan(0, (int)output.Length), ReadingJson.Default.RunsView)!.Runs
            : throw new ReadingException(errors);
    }
}
