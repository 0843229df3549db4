using System.Globalization;

namespace SpeedData.Core.Host;

/// <summary>RLIMIT_FSIZE: the largest size to which this process may write a file (getrlimit(2), <c>ulimit -f</c>).</summary>
internal static class FileSizeLimit
{
    private const string Name = "Max file size";

    /// <summary>The limit in bytes; null for none. It is read each time, because it can change while the process runs (prlimit).</summary>
    public static long? Current
    {
        get
        {
            try
            {
                string? line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) : null;
                string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
                return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
