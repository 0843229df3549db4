using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Server.Http;
using SpeedData.Server.Metrics;

namespace SpeedData.Server.Rejects;

/// <summary>Names for a group of refused datagrams.</summary>
internal static class RejectNames
{
    public const string OtherSources = "other";

    public static string SourceOf(RejectCount group) => group.Source?.ToString() ?? OtherSources;

    /// <summary>Returns the reason, such as <c>invalid: truncated</c> or <c>source_denied</c>.</summary>
    public static string ReasonOf(RejectCount group)
    {
        if (group.Source is null)
            return "any";
        string reason = DropReasons.NameOf(group.Drop);
        return group is { Drop: DropReason.Invalid, Kind: not 0 } ? $"{reason}: {ApiJson.NameOf((RecordFaultKind)group.Kind)}" : reason;
    }
}
