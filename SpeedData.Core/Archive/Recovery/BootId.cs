namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Tells one run of the machine from another: what was written in another may lack pages that were never synced.
/// </summary>
internal static class BootId
{
    /// <summary>Key in an archive's header.</summary>
    public const string Key = "speeddata.boot";

    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>Of the machine's current boot; null where it is not known.</summary>
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
