using System.Net;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration;

/// <summary>Who may do what over HTTP.</summary>
public sealed record ApiOptions
{
    public ApiWrites Writes { get; init; } = ApiWrites.Loopback;

    /// <summary>Networks, IPv4 or IPv6, from which writes are allowed as from loopback. Default: none.</summary>
    public ValueList<IPNetwork> WriteFrom { get; init; } = [];

    public ApiReads Reads { get; init; } = ApiReads.Anyone;

    /// <summary>Absolute path of the file with the bearer token; null if there is no token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>
    /// Further names that the Host header of writes may have, besides addresses, <c>localhost</c> and this machine's names.
    /// </summary>
    public ValueList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins whose pages may read and write, such as <c>https://pages.example</c>.</summary>
    public ValueList<string> AllowedOrigins { get; init; } = [];
}

/// <summary>Which writes are allowed over HTTP.</summary>
public enum ApiWrites
{
    /// <summary>Writes from this host or from <see cref="ApiOptions.WriteFrom"/>, and writes with the token.</summary>
    Loopback,

    /// <summary>Only writes with the token.</summary>
    Token,

    /// <summary>No writes.</summary>
    Off,
}

/// <summary>Who may read over HTTP.</summary>
public enum ApiReads
{
    Anyone,

    /// <summary>Only readers with the token, except for health and the page's own files.</summary>
    Token,
}
