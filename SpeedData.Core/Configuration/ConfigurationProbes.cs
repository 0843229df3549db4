using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Configuration;

/// <summary>What the reader asks about the world outside the configuration; tests answer in its place.</summary>
public sealed record ConfigurationProbes
{
    /// <summary>Judges a schema file that exists, given its absolute path. Default: accepts it.</summary>
    public Func<string, SchemaVerdict> Schema { get; init; } = _ => SchemaVerdict.Good;

    /// <summary>The memory there is, and what the kernel grants a socket. Default: this machine's and this process's.</summary>
    public Func<MachineLimits> Limits { get; init; } = () => MachineLimits.Read();

    /// <summary>The IPv4 addresses at which this host hears. Default: those of its interfaces at this moment, and the broadcast addresses of their networks.</summary>
    public Func<IReadOnlySet<IPAddress>> HostAddresses { get; init; } = OwnAddresses;

    private static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork)
            .SelectMany(a => new[] { a.Address, Broadcast(a) })];

    private static IPAddress Broadcast(UnicastIPAddressInformation own) =>
        own.PrefixLength > 30 ? own.Address : new IPAddress(own.Address.GetAddressBytes().Zip(own.IPv4Mask.GetAddressBytes(), (a, mask) => (byte)(a | ~mask)).ToArray());
}

/// <summary>What is wrong with a schema file, and what is merely odd; each a sentence that says what would be right.</summary>
public sealed record SchemaVerdict(IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>Nothing wrong, nothing odd.</summary>
    public static SchemaVerdict Good { get; } = new([], []);

    /// <summary>Whether the file could be looked into.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>The fields that <c>Time:Field</c> may name.</summary>
    public IReadOnlyList<string> TimeFields { get; init; } = [];
}
