using System.Buffers.Binary;
using System.Net;

namespace SpeedData.Core.Sources;

/// <summary>The address of a sender: IPv6, or IPv4 as an IPv4-mapped address (RFC 4291, 2.5.5.2), and a UDP port.</summary>
/// <param name="Address">The address in host byte order.</param>
/// <param name="Port">The UDP port.</param>
public readonly record struct SourceAddress(UInt128 Address, ushort Port)
{
    /// <summary>The size of an address in bytes.</summary>
    public const int AddressBytes = 16;

    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>The address of an unknown sender. No real sender has it.</summary>
    public static SourceAddress Unknown => default;

    /// <param name="address">The IPv4 address in host byte order.</param>
    /// <param name="port">The UDP port.</param>
    public static SourceAddress IPv4(uint address, ushort port) => new(new UInt128(0, MappedPrefix | address), port);

    public static SourceAddress From(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return new SourceAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), port);
    }

    /// <summary>Returns the address; an IPv4-mapped one as IPv4.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    public override string ToString() => new IPEndPoint(ToIPAddress(), Port).ToString();
}
