using System.Globalization;

namespace SpeedData.Core.Sockets;

/// <summary>
/// A file of kernel counters (/proc/net/snmp, /proc/net/netstat). Each protocol has two lines, one with names and one with numbers.
/// </summary>
internal sealed class ProcCounters
{
    private readonly string[][] _both;

    private ProcCounters(string[][] both) => _both = both;

    /// <returns>Null if there is no such file.</returns>
    public static ProcCounters? Read(string path, string protocol)
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadLines(path), protocol) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static ProcCounters Parse(IEnumerable<string> lines, string protocol) =>
        new([.. lines.Where(line => line.StartsWith($"{protocol}:", StringComparison.Ordinal)).Take(2).Select(line => line.Split(' '))]);

    /// <returns>Null if this kernel does not count it.</returns>
    public long? Find(string name) =>
        _both is [var names, var numbers] && Array.IndexOf(names, name) is var at and >= 0 && at < numbers.Length
            && long.TryParse(numbers[at], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
