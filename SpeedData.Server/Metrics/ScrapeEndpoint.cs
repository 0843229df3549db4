using OpenTelemetry.Metrics;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Metrics;

/// <summary>
/// Answers scrapes. OpenTelemetry limits the number of series, and a series that has ended still counts. So a new provider is
/// created when a channel was removed, or when there are too many channels. Counters continue, since their values are kept elsewhere;
/// only the histogram of write times starts again. Any thread.
/// </summary>
internal sealed class ScrapeEndpoint(ServerMeter meter, IChannelHost host, ServerPlan plan, IServiceProvider services) : IDisposable
{
    private const int LeastRoom = 64;

    private readonly Lock _gate = new();
    private Generation _now = new(meter, RoomFor(plan.Options.Channels.Count), services);

    public async Task AnswerAsync(HttpContext context)
    {
        Generation generation = Enter();
        try
        {
            await generation.Answer(context);
        }
        finally
        {
            generation.Leave();
        }
    }

    public void Dispose() => _now.Leave();

    private static int RoomFor(int channels) => Math.Max(LeastRoom, 2 * channels);

    private Generation Enter()
    {
        lock (_gate)
        {
            IReadOnlyList<Channel> present = host.Channels;
            if (!_now.HasRoomFor(present))
            {
                _now.Leave();
                _now = new Generation(meter, RoomFor(present.Count), services);
                _now.HasRoomFor(present);
            }

            _now.Enter();
            return _now;
        }
    }

    /// <summary>A provider with a count of its users. It is disposed of when the last user leaves; the endpoint is one.</summary>
    private sealed class Generation
    {
        private readonly MeterProvider _provider;
        private readonly int _room;
        private HashSet<Channel> _seen = [];
        private IReadOnlyList<Channel>? _last;
        private int _users = 1;

        public Generation(ServerMeter meter, int room, IServiceProvider services)
        {
            _room = room;
            _provider = MetricsSetup.Build(meter.Meter, room);
            var pipeline = new ApplicationBuilder(services);
            pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(_provider, _ => true, null, null, null);
            Answer = pipeline.Build();
        }

        public RequestDelegate Answer { get; }

        /// <summary>Whether no scraped channel was removed and all present channels fit. One thread at a time.</summary>
        public bool HasRoomFor(IReadOnlyList<Channel> present)
        {
            if (ReferenceEquals(present, _last))
                return true;
            HashSet<Channel> now = [.. present];
            if (now.Count > _room || !_seen.IsSubsetOf(now))
                return false;
            (_seen, _last) = (now, present);
            return true;
        }

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0)
                _provider.Dispose();
        }
    }
}
