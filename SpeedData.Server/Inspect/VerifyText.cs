using SpeedData.Core.Archive.Index;
using SpeedData.Core.Inspect;
using SpeedData.Server.Http;

namespace SpeedData.Server.Inspect;

/// <summary>The text output of verify.</summary>
internal static class VerifyText
{
    private const int MostShown = 20;

    public static IEnumerable<string> Lines(FileReport report)
    {
        string verdict = report.Findings.Total == 0 ? "clean" : $"{report.Findings.Total:N0} finding{(report.Findings.Total == 1 ? "" : "s")}";
        yield return $"{report.Path}: {verdict}{(report.IsBeingWritten ? " (being written)" : "")}";
        if (report.OnlyInTag is { } tag)
            yield return $"  only tag {tag} has it; it is no longer in the channel's folder";
        if (report.Codec is not null)
            yield return $"  {report.Records:N0} records in {report.Blocks:N0} blocks, {report.Bytes:N0} bytes, codec {Short(report.Codec)}, {Short(report.Schema ?? "unknown schema")}";
        if (Span("received", report.ReceivedFirstNs, report.ReceivedLastNs) is { } received)
            yield return received;
        if (Span("device time", report.DeviceFirstNs, report.DeviceLastNs) is { } device)
            yield return device;
        if (report.Index != IndexState.None)
            yield return report.Index == IndexState.Used ? $"  index: {report.IndexEntries:N0} entries" : "  index: cannot be used";
        if (report.Dropped != default)
            yield return $"  dropped while it was written: {Drops(report.Dropped)}";
        if (report.Counter is { } counter)
            yield return $"  counter: {counter.Values:N0} values from {counter.First} to {counter.Last}; {counter.Missing:N0} missing, {counter.Late:N0} of them late, {counter.Duplicated:N0} twice, {counter.Restarts:N0} restarts";
        if (report.RecordsLost > 0)
            yield return $"  records in damaged parts, according to the index: {report.RecordsLost:N0}";
        foreach (string line in Findings(report.Findings).Concat(Warnings(report)).Concat(report.Notes.Select(note => $"  note: {note}")).Concat(UndetectableFaults.Of(report).Select(spot => $"  cannot be found here: {spot}")))
            yield return line;
    }

    private static IEnumerable<string> Warnings(FileReport report) => report.Warnings.Listed.Select(warning => $"  warning: {ApiJson.NameOf(warning.Kind)}: {warning.Detail}");

    public static IEnumerable<string> Findings(FindingList findings)
    {
        foreach (Finding finding in findings.Listed.Take(MostShown))
        {
            string place = finding.Offset is { } at ? $" at {at:N0}" : "";
            string bytes = finding.Bytes is { } count ? $" ({count:N0} bytes)" : "";
            yield return $"  {ApiJson.NameOf(finding.Kind)}{place}{bytes}: {finding.Detail}";
        }

        if (findings.Total > MostShown)
            yield return $"  … {findings.Total - MostShown:N0} more; in all: {string.Join(", ", findings.Counts.Select(pair => $"{ApiJson.NameOf(pair.Key)} {pair.Value:N0}"))}";
    }

    public static string Summary(IReadOnlyList<VerifiedFileView> files) =>
        $"{files.Count:N0} files, {files.Count(file => file.Clean):N0} clean, {files.Count(file => !file.Clean):N0} with findings{(files.Count(file => file.OnlyInTag is not null) is > 0 and var kept ? $"; {kept:N0} only in tags" : "")}";

    private static string? Span(string what, long? first, long? last) =>
        first is null && last is null ? null : $"  {what} {TimeText.Of(first) ?? "?"} to {TimeText.Of(last) ?? "?"}";

    private static string Drops(in IndexDrops drops) => string.Join(", ", new[]
    {
        ("kernel", drops.Kernel), ("invalid", drops.Invalid), ("source_denied", drops.SourceDenied), ("ring_full", drops.RingFull), ("disk", drops.Disk), ("fault", drops.Fault),
    }.Where(reason => reason.Item2 != 0).Select(reason => $"{reason.Item1} {reason.Item2:N0}"));

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
