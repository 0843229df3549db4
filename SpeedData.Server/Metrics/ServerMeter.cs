using System.Diagnostics.Metrics;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Tags;
using SpeedData.Server.Http.Access;

namespace SpeedData.Server.Metrics;

/// <summary>
/// The instruments of one server. Each has a meter of its own under the one name, so that two servers in one process do
/// not answer for each other.
/// </summary>
internal sealed class ServerMeter : IDisposable
{
    private readonly ChannelInstruments _channels;

    public ServerMeter(StorageSpace storage, Func<IReadOnlyList<Channel>> channels, Func<TagTotals> tags, RefusedRequests refused)
    {
        Meter = new Meter(Telemetry.MeterName);
        _channels = new ChannelInstruments(Meter, channels);
        ProcessInstruments.Describe(Meter, storage, refused);
        TagInstruments.Describe(Meter, tags);
    }

    public Meter Meter { get; }

    public void Dispose()
    {
        Meter.Dispose();
        _channels.Dispose();
    }
}
