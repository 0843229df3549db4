using System.Diagnostics.Metrics;
using System.Reflection;
using SpeedData.Core.Sockets;
using SpeedData.Server.Http.Access;

namespace SpeedData.Server.Metrics;

/// <summary>Metrics of the process as a whole.</summary>
internal static class ProcessInstruments
{
    public static void Describe(Meter meter, StorageSpace storage, RefusedRequests refused)
    {
        (string version, string commit) = Build(Assembly.GetExecutingAssembly());
        meter.CreateObservableGauge("speeddata_build_info", () => new Measurement<long>(1, new("version", version), new("commit", commit)),
            "{build}", "Always 1; version and commit of this build as labels.");
        meter.CreateObservableGauge("speeddata_storage_free_bytes", () => StorageFree(storage),
            "By", "Bytes free for this user on the file system of Storage:AvroPath, measured every few seconds; absent while the file system does not answer.");
        meter.CreateObservableCounter("speeddata_host_udp_errors", HostErrors,
            "{datagram}", "UDP datagrams of all programs that this host (network namespace) dropped since it started. queue_full: RcvbufErrors, a socket's queue was full. damaged: InCsumErrors, the checksum was wrong; damaged datagrams that are short are in no channel's count.");
        meter.CreateObservableCounter("speeddata_host_reverse_path_drops", HostReversePathDrops,
            "{packet}", "Packets that this host (network namespace) dropped since it started because the route back to their source uses another interface (IPReversePathFilter; rp_filter).");
        meter.CreateObservableCounter("speeddata_api_refused_requests", () => Refused(refused),
            "{request}", "HTTP requests that the access rules refused, by the configuration key that would allow them.");
    }

    private static IEnumerable<Measurement<long>> Refused(RefusedRequests refused) =>
        refused.Counts.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>("key", count.Key)));

    private static IEnumerable<Measurement<long>> HostReversePathDrops() => ReversePathDrops.Read() is { } drops ? [new(drops)] : [];

    private static IEnumerable<Measurement<long>> HostErrors() => HostUdpErrors.Read() is { } errors
        ? [new(errors.QueueFull, new KeyValuePair<string, object?>("reason", "queue_full")), new(errors.Damaged, new KeyValuePair<string, object?>("reason", "damaged"))]
        : [];

    /// <summary>Reads version and commit from AssemblyInformationalVersion, <c>1.2.3+sha</c>.</summary>
    public static (string Version, string Commit) Build(Assembly assembly)
    {
        string text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        string[] parts = text.Split('+', 2);
        return (parts[0], parts.Length == 2 ? parts[1] : "unknown");
    }

    private static IEnumerable<Measurement<long>> StorageFree(StorageSpace storage) =>
        storage.Room is { } room ? [new Measurement<long>(room.FreeBytes)] : [];
}
