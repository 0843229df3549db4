using SpeedData.Core.Inspect.Repair;

namespace SpeedData.Server.Inspect;

/// <summary>The text output of repair.</summary>
internal static class RepairText
{
    public static IEnumerable<string> Lines(RepairReport report)
    {
        yield return report.Target is null ? $"{report.Found.Path}: nothing written" : $"{report.Found.Path} -> {report.Target}: {(report.IsLossy ? "with losses" : "nothing lost")}";
        if (report.Trouble is { } trouble)
            yield return $"  {trouble}";
        if (report.Target is not null)
            yield return $"  {report.Records:N0} records in {report.Blocks:N0} blocks copied unchanged; {report.SalvagedRecords:N0} saved from {report.SalvagedBlocks:N0} damaged blocks";
        if (report.IsLossy)
            yield return $"  lost: {report.LostRecords:N0} known records, {report.LostBytes:N0} bytes";
        if (report.TargetIndex is not null)
            yield return $"  index: {report.IndexEntriesCopied:N0} entries kept, {report.IndexEntriesMade:N0} rebuilt";
        foreach (string line in VerifyText.Findings(report.Found.Findings).Concat(report.Found.Notes.Select(note => $"  note: {note}")))
            yield return line;
    }

    public static string Summary(IReadOnlyList<RepairedFileView> files) =>
        $"{files.Count:N0} files, {files.Count(file => file.Target is not null):N0} written, {files.Count(file => file.Lossy):N0} with losses";
}
