using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>What retention deleted, as a line of the log.</summary>
public static class DeletionText
{
    public static string Of(Deletions deleted)
    {
        ArgumentNullException.ThrowIfNull(deleted);
        return $"retention: deleted {deleted.Files:N0} files ({SizeText.Approximate(deleted.Bytes)}), which began from {deleted.From:yyyy-MM-ddTHH:mm:ssZ} to {deleted.To:yyyy-MM-ddTHH:mm:ssZ}: "
            + string.Join(", ", deleted.ByReason.Select(entry => $"{entry.Value:N0} {ReasonOf(entry.Key)}"));
    }

    private static string ReasonOf(DeletionReason reason) => reason switch
    {
        DeletionReason.Age => "older than Archive:RetainFor",
        DeletionReason.Bytes => "over Archive:RetainBytes",
        _ => "because less than Archive:MinFreeBytes was free",
    };
}
