using System.Net;
using System.Net.NetworkInformation;

namespace SpeedData.Server.Http.Access;

/// <summary>Host names that mean this machine and that an attacker's DNS cannot claim.</summary>
internal static class OwnHosts
{
    public static bool Has(string host)
    {
        string name = host.TrimEnd('.');
        if (name.Length == 0)
            return false;
        return IPAddress.TryParse(name.Trim('[', ']'), out _) || Names().Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns the host's names, including its multicast DNS name, such as raspberrypi.local.</summary>
    private static IEnumerable<string> Names()
    {
        string own = Dns.GetHostName();
        string first = own.Split('.')[0];
        string domain = IPGlobalProperties.GetIPGlobalProperties().DomainName;
        return ["localhost", own, first, $"{first}.local", $"{first}.{domain}"];
    }
}
