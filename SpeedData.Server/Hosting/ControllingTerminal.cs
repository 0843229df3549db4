namespace SpeedData.Server.Hosting;

/// <summary>Finds out whether this process has a controlling terminal. The kernel sends SIGHUP when that terminal closes.</summary>
internal static class ControllingTerminal
{
    // proc(5): the terminal is the seventh field of stat, the fifth after the name in parentheses.
    private const int Field = 4;

    public static bool IsThere()
    {
        if (!OperatingSystem.IsLinux())
            return !Console.IsInputRedirected;
        try
        {
            return IsIn(File.ReadAllText("/proc/self/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !Console.IsInputRedirected;
        }
    }

    /// <summary>Whether /proc/self/stat names a terminal. The process name may contain spaces and parentheses.</summary>
    internal static bool IsIn(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > Field && fields[Field] != "0";
    }
}
