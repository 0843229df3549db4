namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Identifies one boot of the machine. Data written in an earlier boot may lack pages that were never synced.
/// </summary>
internal static class BootId
{
    /// <summary>Key in an archive's header.</summary>
    public const string Key = "speeddata.boot";

    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>The id of the machine's current boot; null if it is not known.</summary>
    public static string? Current { get; } = Read();

    private static string? Read()
    {
        try
        {
            return File.ReadAllText(Source).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
