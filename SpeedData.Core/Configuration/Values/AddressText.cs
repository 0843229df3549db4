using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace SpeedData.Core.Configuration.Values;

/// <summary>
/// Parses IPv4 addresses: four decimal numbers and nothing else. IPAddress.Parse also reads <c>1</c> as 0.0.0.1, and
/// <c>010.0.0.1</c> as octal, 8.0.0.1.
/// </summary>
internal static partial class AddressText
{
    private const string Ipv4Only = "IPv6 is not supported yet; use an IPv4 address";

    public static Parsed<IPAddress> Parse(string text)
    {
        string trimmed = text.Trim();
        if (IsIpv6(trimmed))
            return Parsed.Refuse<IPAddress>(Ipv4Only);
        return Quad().IsMatch(trimmed)
            ? IPAddress.Parse(trimmed)
            : Parsed.Refuse<IPAddress>("an IPv4 address is four numbers from 0 to 255, for example \"127.0.0.1\"; names are not resolved");
    }

    /// <summary>Parses an address that a receiver may bind to or join.</summary>
    public static Parsed<IPAddress> ParseReceive(string text) =>
        Check(text, a => a.Equals(IPAddress.Any) || IsMulticast(a) || IsUnicast(a), "use an address of this host, 0.0.0.0 or a multicast group");

    /// <summary>Parses an address that a stream may be sent to.</summary>
    public static Parsed<IPAddress> ParseDestination(string text) =>
        Check(text, a => IsMulticast(a) || IsUnicast(a), "a stream goes to a multicast group (224.0.0.0 to 239.255.255.255) or to one host's unicast address");

    /// <summary>Parses the one sender of source-specific multicast.</summary>
    public static Parsed<IPAddress> ParseSource(string text) =>
        Check(text, IsUnicast, "the source of source-specific multicast is one host's unicast address");

    /// <summary>
    /// Parses an interface: a name that Linux allows (dev_valid_name in net/core/dev.c) or its IPv4 address. Whether the interface exists
    /// is checked later, when the socket is opened.
    /// </summary>
    public static Parsed<string?> ParseInterface(string text)
    {
        string trimmed = text.Trim();
        if (IsIpv6(trimmed))
            return Parsed.Refuse<string?>(Ipv4Only + ", or the interface's name");
        if (OnlyDigitsAndDots().IsMatch(trimmed))
            return Quad().IsMatch(trimmed) && IsUnicast(IPAddress.Parse(trimmed)) ? trimmed : NoInterface();
        return trimmed.Length <= 15 && !trimmed.Any(c => c is '/' or ':' || char.IsWhiteSpace(c)) ? trimmed : NoInterface();

        static Parsed<string?> NoInterface() =>
            Parsed.Refuse<string?>("an interface is a name of at most 15 characters without slash, colon or blank, for example \"eth0\", or its IPv4 address");
    }

    /// <summary>Parses a network in CIDR form, or one address.</summary>
    public static Parsed<IPNetwork> ParseNetwork(string text)
    {
        string[] parts = text.Trim().Split('/');
        if (IsIpv6(parts[0]))
            return Parsed.Refuse<IPNetwork>("IPv6 is not supported yet; use an IPv4 network");
        if (parts.Length > 2 || !Quad().IsMatch(parts[0]) || !TryPrefix(parts, out int prefix))
            return Parsed.Refuse<IPNetwork>("a network is an IPv4 address with a prefix length from 0 to 32, for example \"192.168.1.0/24\", or one address");
        uint address = ToUInt32(IPAddress.Parse(parts[0]));
        uint network = prefix == 0 ? 0 : address & (uint.MaxValue << (32 - prefix));
        return network == address
            ? new IPNetwork(FromUInt32(address), prefix)
            : Parsed.Refuse<IPNetwork>($"the address has bits beyond the prefix; use \"{FromUInt32(network)}/{prefix}\" or \"{parts[0]}\"");
    }

    public static bool IsMulticast(IPAddress address) => ToUInt32(address) >> 28 == 0xE;

    public static bool IsLoopback(IPAddress address) => ToUInt32(address) >> 24 == 127;

    /// <summary>Whether it is neither "this network" (0/8), nor multicast, nor reserved or broadcast (240/4).</summary>
    private static bool IsUnicast(IPAddress address) => ToUInt32(address) >> 24 is > 0 and < 224;

    private static Parsed<IPAddress> Check(string text, Func<IPAddress, bool> fits, string remedy)
    {
        Parsed<IPAddress> address = Parse(text);
        return !address.IsValid || fits(address.Value!) ? address : Parsed.Refuse<IPAddress>(remedy);
    }

    private static bool IsIpv6(string text) =>
        text.Contains(':') && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool TryPrefix(string[] parts, out int prefix)
    {
        prefix = 32;
        return parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= 32);
    }

    private static uint ToUInt32(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress FromUInt32(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!\z)|\z)){4}\z")]
    private static partial Regex Quad();

    [GeneratedRegex(@"^[0-9.]+\z")]
    private static partial Regex OnlyDigitsAndDots();
}
