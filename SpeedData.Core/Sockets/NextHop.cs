using System.Net;

namespace SpeedData.Core.Sockets;

/// <summary>Looks up the next host on the way to an address in the kernel's neighbour table.</summary>
internal static class NextHop
{
    // proc(5): IP address, type, flags, hardware address. No flag is set while nobody has answered for the address.
    private const string Table = "/proc/thread-self/net/arp", Unanswered = "0x0";

    /// <summary>Whether the next host was asked for its hardware address, and has not answered.</summary>
    public static bool IsSilent(IPAddress destination)
    {
        string[] onTheWay = RouteQuery.TryAsk(destination, out Route? route) && route?.Gateway is { } gateway
            ? [destination.ToString(), gateway.ToString()]
            : [destination.ToString()];
        try
        {
            return File.ReadLines(Table)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(entry => entry.Length > 2 && entry[2] == Unanswered && onTheWay.Contains(entry[0]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
