using System.Diagnostics.Metrics;

namespace SpeedData.Core.Diagnostics;

/// <summary>The instruments that are recorded when something happens. All others are observed from <see cref="ChannelCounters"/>.</summary>
public static class Telemetry
{
    public const string MeterName = "SpeedData";

    public static readonly Meter Meter = new(MeterName);

    /// <summary>The duration of one block's write call in seconds, recorded by the writer thread with the tag <c>channel</c>.</summary>
    public static readonly Histogram<double> ArchiveWriteDuration = Meter.CreateHistogram(
        "speeddata_archive_write_duration",
        "s",
        "Duration of writing one block to the archive file.",
        tags: null,
        new InstrumentAdvice<double>
        {
            // The range: from a block that the page cache takes at once to a disk that stalls its writers.
            HistogramBucketBoundaries = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });
}
