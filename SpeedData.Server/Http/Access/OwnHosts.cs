using System.Net;
using System.Net.NetworkInformation;

namespace SpeedData.Server.Http.Access;

/// <summary>The hosts in a URL that mean this machine and that nobody else's DNS can claim.</summary>
internal static class OwnHosts
{
    public static bool Has(string host)
    {
        string name = host.TrimEnd('.');
        if (name.Length == 0)
            return false;
        return IPAddress.TryParse(name.Trim('[', ']'), out _) || Names().Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>With the name of multicast DNS, which a Raspberry Pi is reached by.</summary>
    private static IEnumerable<string> Names()
    {
        string own = Dns.GetHostName();
        string first = own.Split('.')[0];
        string domain = IPGlobalProperties.GetIPGlobalProperties().DomainName;
        return ["localhost", own, first, $"{first}.local", $"{first}.{domain}"];
    }
}
