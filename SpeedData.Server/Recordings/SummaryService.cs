using SpeedData.Core.Configuration;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>
/// Has the summaries of what was recorded made, so that a day is drawn at once when somebody looks. By a process of nice 19, since
/// reading makes garbage; and so little at a time that a busy disk does not notice.
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
            // The server ends. A host that could not start would log this as a failure.
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
            // Whoever reads makes them then.
            log.LogDebug("Summaries were not made: {Why}", e.Message);
        }
    }
}
