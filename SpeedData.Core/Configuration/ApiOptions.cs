using System.Net;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration;

/// <summary>Who may do what over HTTP.</summary>
public sealed record ApiOptions
{
    public ApiWrites Writes { get; init; } = ApiWrites.Loopback;

    /// <summary>Networks from which writes are allowed as from loopback, IPv4 and IPv6. None by default.</summary>
    public ValueList<IPNetwork> WriteFrom { get; init; } = [];

    public ApiReads Reads { get; init; } = ApiReads.Anyone;

    /// <summary>Absolute path of the file with the bearer token. None: there is no token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Names in the Host header of writes that are accepted besides addresses, <c>localhost</c> and this machine's names.</summary>
    public ValueList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins whose pages may read and write, such as <c>https://pages.example</c>.</summary>
    public ValueList<string> AllowedOrigins { get; init; } = [];
}

/// <summary>Which writes are allowed over HTTP.</summary>
public enum ApiWrites
{
    /// <summary>Those from this host or from <see cref="ApiOptions.WriteFrom"/>, and those with the token.</summary>
    Loopback,

    /// <summary>Only those with the token.</summary>
    Token,

    /// <summary>None.</summary>
    Off,
}

/// <summary>Who may read over HTTP.</summary>
public enum ApiReads
{
    Anyone,

    /// <summary>Only who has the token; health and the page's own files excepted.</summary>
    Token,
}
