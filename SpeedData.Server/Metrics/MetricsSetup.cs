using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Metrics;

/// <summary>Builds the provider that exports the instruments to Prometheus.</summary>
internal static class MetricsSetup
{
    /// <summary>New names for gauges of the runtime that end in <c>_count</c>: Prometheus reserves that ending for histograms.</summary>
    private static readonly Dictionary<string, string> RuntimeGauges = new()
    {
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.timer.count"] = "dotnet.timers",
    };

    /// <param name="own">This server's meter.</param>
    /// <param name="channels">How many channels fit. The limit is fixed; OpenTelemetry merges further series without a warning.</param>
    public static MeterProvider Build(Meter own, int channels) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(Telemetry.MeterName, "System.Runtime")
        .AddView(instrument => ViewOf(instrument, own, channels))
        .AddPrometheusExporter(exporter =>
        {
            exporter.ScopeInfoEnabled = false;
            exporter.TargetInfoEnabled = false;
            exporter.ScrapeResponseCacheDurationMilliseconds = 0;
        })
        .Build();

    private static MetricStreamConfiguration? ViewOf(Instrument instrument, Meter own, int channels)
    {
        if (instrument.Meter.Name != Telemetry.MeterName)
            return WithoutCountSuffix(instrument);
        return instrument.Meter == own || instrument.Meter == Telemetry.Meter
            ? new MetricStreamConfiguration { CardinalityLimit = channels * Math.Max(DropReasons.All.Count, RecordSchemas.Most) }
            : MetricStreamConfiguration.Drop;
    }

    private static MetricStreamConfiguration? WithoutCountSuffix(Instrument instrument) =>
        RuntimeGauges.TryGetValue(instrument.Name, out string? name) ? new MetricStreamConfiguration { Name = name } : null;
}
