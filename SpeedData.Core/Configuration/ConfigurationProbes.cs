using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Configuration;

/// <summary>What the reader asks about the world outside the configuration. Tests replace it.</summary>
public sealed record ConfigurationProbes
{
    /// <summary>Checks an existing schema file or folder, given its absolute path and the file of the record in a folder. Default: accepts it.</summary>
    public Func<string, string?, SchemaVerdict> Schema { get; init; } = (_, _) => SchemaVerdict.Good;

    /// <summary>Checks the text of a schema. Default: accepts it.</summary>
    public Func<string, SchemaVerdict> SchemaText { get; init; } = _ => SchemaVerdict.Good;

    /// <summary>
    /// The memory that this process may use, and the socket buffers that the kernel grants. Default: those of this machine and
    /// process.
    /// </summary>
    public Func<MachineLimits> Limits { get; init; } = () => MachineLimits.Read();

    /// <summary>
    /// The IPv4 addresses of this host. Default: those of its interfaces at this moment, and the broadcast addresses of their
    /// networks.
    /// </summary>
    public Func<IReadOnlySet<IPAddress>> HostAddresses { get; init; } = OwnAddresses;

    private static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork)
            .SelectMany(a => new[] { a.Address, Broadcast(a) })];

    private static IPAddress Broadcast(UnicastIPAddressInformation own) =>
        own.PrefixLength > 30 ? own.Address : new IPAddress(own.Address.GetAddressBytes().Zip(own.IPv4Mask.GetAddressBytes(), (a, mask) => (byte)(a | ~mask)).ToArray());
}

/// <summary>The faults and warnings of a schema file; each is a sentence that says what would be right.</summary>
public sealed record SchemaVerdict(IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>No fault and no warning.</summary>
    public static SchemaVerdict Good { get; } = new([], []);

    /// <summary>Whether the file could be read.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>The fields that <c>Time:Field</c> may name.</summary>
    public IReadOnlyList<string> TimeFields { get; init; } = [];

    /// <summary>Bytes of every record, where any bytes of that number are a record; null where they differ, or are not known.</summary>
    public int? FixedSize { get; init; }
}
