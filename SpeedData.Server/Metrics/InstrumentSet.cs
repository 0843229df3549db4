using System.Diagnostics.Metrics;
using SpeedData.Core.Channels;

namespace SpeedData.Server.Metrics;

/// <summary>One series of an instrument: its value, and a label besides <c>channel</c> where there is one.</summary>
internal readonly record struct SeriesPoint(double Value, string? Label = null, string? LabelValue = null);

/// <summary>Observable instruments that say something of every channel, all of one scrape from the same readings.</summary>
internal sealed class InstrumentSet(Meter meter, Func<IReadOnlyList<Channel>> channels) : IDisposable
{
    private readonly ScrapePass _pass = new(channels);

    /// <summary>A count that only grows. Exported with <c>_total</c>.</summary>
    public void Counter(string name, string unit, string help, Func<ChannelReading, IEnumerable<SeriesPoint>> points) =>
        meter.CreateObservableCounter(name, Observe(points), unit, help);

    public void Gauge(string name, string unit, string help, Func<ChannelReading, IEnumerable<SeriesPoint>> points) =>
        meter.CreateObservableGauge(name, Observe(points), unit, help);

    public void Dispose() => _pass.Dispose();

    private Func<IEnumerable<Measurement<double>>> Observe(Func<ChannelReading, IEnumerable<SeriesPoint>> points)
    {
        int instrument = _pass.Join();
        return () =>
            from reading in _pass.ReadingsFor(instrument)
            from point in points(reading)
            select ToMeasurement(reading.Channel.Name, point);
    }

    private static Measurement<double> ToMeasurement(string channel, SeriesPoint point) => point.Label is null
        ? new(point.Value, new KeyValuePair<string, object?>("channel", channel))
        : new(point.Value, new("channel", channel), new(point.Label, point.LabelValue));
}
