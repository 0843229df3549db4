using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Server.Registration;
using SpeedData.Server.Reporting;

namespace SpeedData.Server.Hosting;

/// <summary>Starts the channels after HTTP has started, and drains them before HTTP stops.</summary>
internal sealed class ChannelsService(IChannelHost channels, Registrar registrar, SpeedDataOptions options, ILogger<ChannelsService> log) : IHostedLifecycleService
{
    /// <summary>Whether every datagram was written before the stop ended.</summary>
    public bool IsDrained { get; private set; } = true;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        channels.Start();
        log.LogInformation("Channels: {Count:N0}; archives in {AvroPath}", options.Channels.Count, options.AvroPath);
        foreach (Channel channel in channels.Channels)
            log.LogInformation("{Channel}", ChannelStartText.Of(channel));
        registrar.Start();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsDrained = await channels.StopAsync(options.DrainFor);
        if (IsDrained)
            log.LogInformation("Drained and stopped");
        else
            log.LogError("The drain ran out of time (Shutdown:DrainFor is {DrainFor} s); datagrams still in memory are lost and counted as dropped (fault)", options.DrainFor.TotalSeconds);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
