namespace SpeedData.Core.Inspect;

/// <summary>Lists the faults that a check of a file cannot detect, one line each.</summary>
public static class UndetectableFaults
{
    public static IEnumerable<string> Of(FileReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Codec is null || report.Role == FileRole.Index)
            yield break;
        if (report.Index == IndexState.Used)
        {
            // Each block without an entry is a finding already.
            if (!report.LooksInside)
                yield return "the records were not checked against the schema, but their bytes were checked by the checksums in the index";
            yield break;
        }

        yield return Values(report);
        yield return "there is no index: missing blocks, and changes to the header that leave it readable, are not found";
    }

    private static string Values(FileReport report) => (report.LooksInside, report.Codec) switch
    {
        (false, _) => "the records were not checked: no change inside a block's data is found",
        (_, "snappy") => "the codec's own checksum of each block was checked",
        (_, "null") => "there is no index: a changed value that still fits the schema is not found",
        _ => "there is no index: changed data that still decompresses to records that fit the schema is not found",
    };
}
