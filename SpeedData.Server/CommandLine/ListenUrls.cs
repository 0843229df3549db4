using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using SpeedData.Core.Configuration;

namespace SpeedData.Server.CommandLine;

/// <summary>Reads the configuration key <c>Urls</c>: the addresses where HTTP is served.</summary>
internal static class ListenUrls
{
    public const string Key = "Urls";
    public const string Default = "http://127.0.0.1:8080";

    /// <summary>Reads the addresses to listen on. The fault names an invalid one.</summary>
    public static string[] Read(IConfiguration configuration, out ConfigurationFault? fault)
    {
        string text = string.IsNullOrWhiteSpace(configuration[Key]) ? Default : configuration[Key]!;
        string[] urls = text.Split(';', StringSplitOptions.TrimEntries);
        fault = urls.Select(FaultOf).FirstOrDefault(f => f is not null);
        return urls;
    }

    /// <summary>Returns the address that reaches a server on <paramref name="url"/> from this host: a wildcard becomes loopback.</summary>
    public static Uri ToReach(string url)
    {
        BindingAddress address = BindingAddress.Parse(url);
        string host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }

    public static bool AnyIsEncrypted(IEnumerable<string> urls) => urls.Any(url => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns why an address cannot be served; null for any other failure. Kestrel wraps the socket's exception.</summary>
    public static string? BindFailure(Exception e) => e switch
    {
        System.Security.Cryptography.CryptographicException or FileNotFoundException or DirectoryNotFoundException => $"the certificate cannot be used: {e.Message}",
        InvalidOperationException when e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) => e.Message.ReplaceLineEndings(" "),
        IOException { InnerException: not null } or SocketException => e.Message,
        _ => null,
    };

    private static string? ObjectionTo(BindingAddress address)
    {
        if (address.Port is < 0 or > ushort.MaxValue)
            return "use a TCP port from 1 to 65535";
        bool isLocalhost = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        if (isLocalhost && address.Port == 0)
            return "localhost has two addresses, which cannot share a port that the system chooses; use 127.0.0.1";
        // Kestrel treats an unknown name as a virtual host and listens on every address.
        return isLocalhost || address.Host is "+" or "*" || IPAddress.TryParse(address.Host, out _)
            ? null
            : "names are not resolved; use an address of this host, localhost, or + for all addresses";
    }

    private static ConfigurationFault? FaultOf(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (address.Scheme is "http" or "https" && !address.IsUnixPipe && !address.IsNamedPipe && address.PathBase.Length == 0)
                return ObjectionTo(address) is { } objection ? new ConfigurationFault(null, Key, url, objection) : null;
        }
        catch (FormatException)
        {
            // Reported below, together with well-formed addresses that cannot be served.
        }
        return new ConfigurationFault(null, Key, url, $"not an address to serve HTTP on; use http://HOST:PORT, or https://HOST:PORT with a certificate in Kestrel:Certificates:Default, for example {Default}");
    }
}
