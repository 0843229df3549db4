using SpeedData.Core.Archive.Recovery;

namespace SpeedData.Server.Reporting;

/// <summary>Writes the log line for a part file that an earlier process left.</summary>
internal static class RecoveryText
{
    public static string Of(RecoveryReport report)
    {
        if (report.Failed)
            return $"recovery: {report.File} is left unchanged for now: {report.Why}";
        string kept = report.Blocks == 0 && report.SalvagedRecords == 0
            ? $"recovery: {report.File}, left by an earlier process, has no whole record"
            : $"recovery: {report.File}: {report.Blocks:N0} whole blocks kept" + (report.SalvagedRecords > 0 ? $", {report.SalvagedRecords:N0} records saved from an incomplete last block" : "");
        return report.AsideBytes == 0 ? kept : $"{kept}; {report.AsideBytes:N0} unreadable bytes moved to {report.AsideFile}: {report.Why}";
    }
}
