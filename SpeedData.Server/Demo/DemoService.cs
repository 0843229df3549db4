using System.Globalization;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Demo;

/// <summary>
/// Runs the signal generator while the server runs. It is registered after the channels, so it starts after them.
/// Services stop in reverse order, so it ends before the channels drain, and the archive contains everything that it sent.
/// </summary>
internal sealed class DemoService(IChannelHost channels, ServerPlan plan, TimeProvider time, ILoggerFactory logs)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(DemoRecord.All.SelectMany(record => channels.Channels.Where(channel => record.IsFor(channel.Options)).Select(channel => RunAsync(channel, record))));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private Task RunAsync(Channel channel, DemoRecord record)
    {
        ILogger<SignalGenerator> log = logs.CreateLogger<SignalGenerator>();
        var generator = new SignalGenerator(channel.Options, record, time, log);
        log.LogInformation("Demo: {Hint}", Hint(channel.Options, generator));
        return generator.RunAsync(channel, _stop.Token);
    }

    private string Hint(ChannelOptions channel, SignalGenerator generator)
    {
        var hints = new List<string> { $"{SignalGenerator.PerSecond} datagrams a second to {generator.Destination()}, channel {channel.Name}" };
        if (channel.Archive.Enabled)
            hints.Add($"files in {Path.Combine(plan.Options.AvroPath, channel.Name)}");
        if (channel.FullRate.Enabled)
            hints.Add($"full rate on {channel.FullRate.Address}:{channel.FullRate.Port}");
        if (channel.Decimated.Enabled)
            hints.Add(string.Create(CultureInfo.InvariantCulture, $"{channel.Decimated.Algorithm} of every {channel.Decimated.Factor} on {channel.Decimated.Address}:{channel.Decimated.Port}"));
        hints.Add($"figures at {new Uri(ListenUrls.ToReach(plan.Urls[0]), "/metrics")}");
        return string.Join("; ", hints);
    }
}
