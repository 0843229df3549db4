using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Metrics;

/// <summary>Names of <see cref="DropReason"/> in metrics, API and log.</summary>
internal static class DropReasons
{
    public static readonly IReadOnlyList<(DropReason Reason, string Name)> All =
    [
        (DropReason.Kernel, "kernel"),
        (DropReason.Invalid, "invalid"),
        (DropReason.SourceDenied, "source_denied"),
        (DropReason.RingFull, "ring_full"),
        (DropReason.Disk, "disk"),
        (DropReason.Fault, "fault"),
    ];

    public static string NameOf(DropReason reason) => All.First(d => d.Reason == reason).Name;
}

/// <summary>Names of <see cref="DeletionReason"/> in metrics.</summary>
internal static class DeletionReasons
{
    public static readonly IReadOnlyList<(DeletionReason Reason, string Name)> All =
    [
        (DeletionReason.Age, "age"),
        (DeletionReason.Bytes, "bytes"),
        (DeletionReason.FreeSpace, "free_space"),
    ];
}
