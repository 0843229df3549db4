using System.Diagnostics.Metrics;
using SpeedData.Core.Channels;

namespace SpeedData.Server.Metrics;

/// <summary>One series of an instrument: its value, and a second label besides <c>channel</c> if it has one.</summary>
internal readonly record struct SeriesPoint(double Value, string? Label = null, string? LabelValue = null);

/// <summary>Observable instruments with values for every channel. In one scrape all of them use the same readings.</summary>
internal sealed class InstrumentSet(Meter meter, Func<IReadOnlyList<Channel>> channels) : IDisposable
{
    private readonly ScrapePass _pass = new(channels);

    /// <summary>Adds a count that only grows. Its exported name ends in <c>_total</c>.</summary>
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
