using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Supervision;

namespace SpeedData.Server.Hosting;

/// <summary>The configured channels under the supervisor.</summary>
internal sealed class SupervisedChannels(Supervisor supervisor, ITransport transport, SpeedDataOptions options) : IChannelHost, IDisposable
{
    private volatile bool _started;

    public IReadOnlyList<Channel> Channels => supervisor.Channels;

    public bool IsStarted => _started;

    /// <summary>The one place that knows how a supervisor is made.</summary>
    public static IChannelHost Create(SpeedDataOptions options, TimeProvider time, ILoggerFactory logs)
    {
        ILogger<Supervisor> log = logs.CreateLogger<Supervisor>();
        var transport = new KernelTransport();
        if (transport.Lack is { } lack)
            log.LogWarning("Datagrams are received and sent one by one: {Lack}", lack);
        return new SupervisedChannels(new Supervisor(new PipelineServices(transport, options.AvroPath, time) { RequireMount = options.RequireMount }, log), transport, options);
    }

    public void Start()
    {
        try
        {
            foreach (ChannelOptions channel in options.Channels)
                supervisor.Add(channel);
        }
        catch (OperationCanceledException)
        {
            // The process is being stopped; what was added is drained.
            return;
        }

        _started = true;
    }

    public Task<bool> StopAsync(TimeSpan drainFor) => supervisor.StopAsync(drainFor);

    public void Dispose()
    {
        supervisor.Dispose();
        transport.Dispose();
    }
}
