using System.Buffers.Binary;
using System.Net;

namespace SpeedData.Core.Receive;

/// <summary>The allow-list of IPv4 sources: networks in CIDR notation (RFC 4632).</summary>
public sealed class SourceFilter
{
    private readonly (uint Network, uint Mask)[] _allowed;

    /// <param name="allowed">Networks whose datagrams are accepted. If empty, all are accepted.</param>
    public SourceFilter(IReadOnlyList<IPNetwork> allowed)
    {
        _allowed = [.. allowed.Select(Compile)];
    }

    /// <param name="source">IPv4 address in host byte order.</param>
    public bool Allows(uint source)
    {
        if (_allowed.Length == 0)
            return true;
        foreach ((uint network, uint mask) in _allowed)
        {
            if ((source & mask) == network)
                return true;
        }

        return false;
    }

    private static (uint Network, uint Mask) Compile(IPNetwork network)
    {
        uint mask = network.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - network.PrefixLength);
        return (BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes()) & mask, mask);
    }
}
