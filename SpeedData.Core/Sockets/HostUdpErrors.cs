using System.Globalization;

namespace SpeedData.Core.Sockets;

/// <summary>
/// What the kernel has counted of all UDP sockets of this network namespace, in /proc/net/snmp. A socket's own count of drops
/// does not tell the cause, and a short damaged datagram is in no socket's count.
/// </summary>
/// <param name="QueueFull">RcvbufErrors: a socket's queue was full.</param>
/// <param name="Damaged">InCsumErrors: the checksum was wrong.</param>
public readonly record struct HostUdpErrors(long QueueFull, long Damaged)
{
    private const string Path = "/proc/net/snmp", Line = "Udp:";

    /// <returns>Null where there is no such count.</returns>
    public static HostUdpErrors? Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadLines(Path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Two lines belong together, one with names and one with numbers.</summary>
    internal static HostUdpErrors? Parse(IEnumerable<string> lines)
    {
        string[][] both = [.. lines.Where(line => line.StartsWith(Line, StringComparison.Ordinal)).Take(2).Select(line => line.Split(' '))];
        return both is [var names, var numbers] && Find("RcvbufErrors") is { } full && Find("InCsumErrors") is { } damaged ? new HostUdpErrors(full, damaged) : null;

        long? Find(string name) =>
            Array.IndexOf(names, name) is var at and >= 0 && at < numbers.Length && long.TryParse(numbers[at], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
