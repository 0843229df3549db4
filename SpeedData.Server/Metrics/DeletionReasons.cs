using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Metrics;

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
