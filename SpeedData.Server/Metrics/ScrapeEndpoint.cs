using OpenTelemetry.Metrics;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Metrics;

/// <summary>
/// Answers scrapes. OpenTelemetry's room for series is fixed, and a series that has ended keeps its place. So a new provider is
/// made when a channel has gone, or when there are more than there is room for: all values are kept elsewhere and go on, except
/// the histogram of write times, which begins again. Any thread.
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

    /// <summary>A provider, as long as somebody uses it. The endpoint itself is the first who does.</summary>
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

        /// <summary>Whether every channel that was scraped is still there, and there is room for those that came. One thread at a time.</summary>
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
