using System.Diagnostics.Metrics;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Tags;
using SpeedData.Server.Http.Access;

namespace SpeedData.Server.Metrics;

/// <summary>
/// The instruments of one server. Each server has its own meter under the same name, so that two servers in one process do
/// not mix their values.
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
