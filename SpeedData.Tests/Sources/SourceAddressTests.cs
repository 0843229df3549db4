using System.Net;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Sources;

public sealed class SourceAddressTests
{
    [TestCase("127.0.0.1", "127.0.0.1:4711")]
    [TestCase("255.255.255.255", "255.255.255.255:4711")]
    [TestCase("::ffff:10.1.2.3", "10.1.2.3:4711")]
    [TestCase("2001:db8::1", "[2001:db8::1]:4711")]
    [TestCase("fe80::1:2:3:4", "[fe80::1:2:3:4]:4711")]
    public void An_address_is_shown_as_people_write_it(string text, string told)
    {
        var address = IPAddress.Parse(text);
        var source = SourceAddress.From(address, 4711);
        Assert.That((source.ToString(), source.ToIPAddress().MapToIPv6()), Is.EqualTo((told, address.MapToIPv6())));
    }

    [Test]
    public void An_IPv4_address_is_the_same_source_on_IPv4_and_IPv6_sockets() =>
        Assert.That(SourceAddress.IPv4(0x0A010203, 5), Is.EqualTo(SourceAddress.From(IPAddress.Parse("10.1.2.3"), 5)).And.EqualTo(SourceAddress.From(IPAddress.Parse("::ffff:10.1.2.3"), 5)));

    [Test]
    public void No_IPv4_address_equals_the_unknown_address() => Assert.That(SourceAddress.IPv4(0, 0), Is.Not.EqualTo(SourceAddress.Unknown));
}
