using System.Net;

namespace SpeedData.Core.Configuration.Values;

/// <summary>Parses the values of the API's keys.</summary>
internal static class HttpText
{
    /// <summary>Parses a network in CIDR form, or one address; IPv4 or IPv6.</summary>
    public static Parsed<IPNetwork> Network(string text)
    {
        string trimmed = text.Trim();
        if (!trimmed.Contains(':', StringComparison.Ordinal))
            return AddressText.ParseNetwork(trimmed);
        if (IPAddress.TryParse(trimmed, out IPAddress? address))
            return new IPNetwork(address, 128);
        return IPNetwork.TryParse(trimmed, out IPNetwork network) && IPAddress.TryParse(trimmed.Split('/')[0], out IPAddress? start) && network.BaseAddress.Equals(start)
            ? network
            : Parsed.Refuse<IPNetwork>("a network is an address with a prefix length and no bits beyond it, for example \"192.168.1.0/24\" or \"fd00:1::/32\", or one address");
    }

    /// <summary>Parses a host name without port.</summary>
    public static Parsed<string> HostName(string text) => Uri.CheckHostName(text.Trim()) is UriHostNameType.Dns
        ? text.Trim().TrimEnd('.').ToLowerInvariant()
        : Parsed.Refuse<string>("give a host name without scheme and port, for example \"recorder.lab.example\"; addresses are allowed anyway");

    /// <summary>Parses an Origin as browsers send it: only scheme, host and port. A page that was opened from a file has no host.</summary>
    public static Parsed<string> Origin(string text)
    {
        string trimmed = text.Trim();
        if (trimmed is "null" or "file://")
            return trimmed;
        return Uri.TryCreate(trimmed, UriKind.Absolute, out Uri? uri) && uri is { Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? uri.GetLeftPart(UriPartial.Authority)
            : Parsed.Refuse<string>("an origin is http:// or https:// with host and port and nothing after them, for example \"https://pages.example\", or \"null\" for pages opened from a file");
    }
}
