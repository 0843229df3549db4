using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Metrics;

/// <summary>How instruments become what is scraped.</summary>
internal static class MetricsSetup
{
    /// <summary>Channels there is room for at least, since some can be added while running.</summary>
    private const int LeastChannels = 1_000;

    /// <summary>Gauges of the runtime that end in <c>_count</c>, which Prometheus keeps for histograms, and better names.</summary>
    private static readonly Dictionary<string, string> RuntimeGauges = new()
    {
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.timer.count"] = "dotnet.timers",
    };

    public static void AddSpeedDataMetrics(this IServiceCollection services, int channels)
    {
        int room = Math.Max(LeastChannels, 2 * channels);
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Telemetry.MeterName, "System.Runtime")
            .AddPrometheusExporter(exporter =>
            {
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
            }));
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
            metrics.AddView(instrument => ViewOf(instrument, provider.GetRequiredService<ServerMeter>().Meter, room)));
    }

    private static MetricStreamConfiguration? ViewOf(Instrument instrument, Meter own, int channels)
    {
        if (instrument.Meter.Name != Telemetry.MeterName)
            return WithoutCountSuffix(instrument);
        // OpenTelemetry's own limit is 2,000 series; what is beyond is folded into one without a word.
        return instrument.Meter == own || instrument.Meter == Telemetry.Meter
            ? new MetricStreamConfiguration { CardinalityLimit = channels * Math.Max(DropReasons.All.Count, RecordSchemas.Most) }
            : MetricStreamConfiguration.Drop;
    }

    private static MetricStreamConfiguration? WithoutCountSuffix(Instrument instrument) =>
        RuntimeGauges.TryGetValue(instrument.Name, out string? name) ? new MetricStreamConfiguration { Name = name } : null;
}
