using SpeedData.Core.Configuration;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>
/// Has missing summaries of recordings made, so that the history of a day can be drawn at once. A separate process with nice 19 does it,
/// since reading makes garbage, and a little at a time, so that a busy disk is not slowed down.
/// </summary>
internal sealed class SummaryService(SpeedDataOptions options, IChannelHost host, TimeProvider time, ILogger<SummaryService> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (host.Channels.Any(channel => channel.Options.Archive.Enabled))
                    await RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops. If the host could not start, it would log this exception as a failure.
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            using ReaderProcess child = await ReaderProcess.StartAsync([SummarizeCommand.Name, options.AvroPath]);
            (int exitCode, string errors) = await child.EndAsync(stop);
            if (exitCode != ExitCode.Ok)
                log.LogDebug("Summaries were not made: {Errors}", errors);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The next reader makes the summaries.
            log.LogDebug("Summaries were not made: {Why}", e.Message);
        }
    }
}
