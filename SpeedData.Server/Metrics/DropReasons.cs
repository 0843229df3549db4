using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Metrics;

/// <summary>The reasons of <see cref="DropReason"/> as metrics, API and log name them.</summary>
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

/// <summary>The reasons of <see cref="DeletionReason"/> as metrics name them.</summary>
internal static class DeletionReasons
{
    public static readonly IReadOnlyList<(DeletionReason Reason, string Name)> All =
    [
        (DeletionReason.Age, "age"),
        (DeletionReason.Bytes, "bytes"),
        (DeletionReason.FreeSpace, "free_space"),
    ];
}
