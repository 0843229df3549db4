using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Configuration;

/// <summary>The reader's questions about the outside world. Tests replace them.</summary>
public sealed record ConfigurationProbes
{
    /// <summary>Checks a schema file or folder, given its absolute path and the record's file in a folder. Default: accepts it.</summary>
    public Func<string, string?, SchemaVerdict> Schema { get; init; } = (_, _) => SchemaVerdict.Good;

    /// <summary>Checks the text of a schema. Default: accepts it.</summary>
    public Func<string, SchemaVerdict> SchemaText { get; init; } = _ => SchemaVerdict.Good;

    /// <summary>
    /// Returns the memory that this process may use, and the socket buffers that the kernel grants. Default: those of this machine and
    /// process.
    /// </summary>
    public Func<MachineLimits> Limits { get; init; } = () => MachineLimits.Read();

    /// <summary>
    /// Returns the IPv4 addresses of this host. Default: those that its interfaces have now, and the broadcast addresses of their
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

/// <summary>The faults and warnings of a schema file. Each is a sentence that names the fix.</summary>
public sealed record SchemaVerdict(IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>A verdict without faults and warnings.</summary>
    public static SchemaVerdict Good { get; } = new([], []);

    /// <summary>Whether the file could be read.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>The fields that <c>Time:Field</c> may name.</summary>
    public IReadOnlyList<string> TimeFields { get; init; } = [];

    /// <summary>The size of every record if any bytes of that size are a record; null if sizes differ or are not known.</summary>
    public int? FixedSize { get; init; }
}
