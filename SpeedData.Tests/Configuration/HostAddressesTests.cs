using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Configuration;

/// <summary>Addresses on which this host receives. A stream that is sent to one of them may feed an input.</summary>
[Platform("Linux")]
public sealed class HostAddressesTests
{
    [Test]
    public void A_host_receives_on_its_addresses_and_on_the_broadcast_addresses_of_its_networks() => Wire.Run(1, _ =>
    {
        IReadOnlySet<IPAddress> heard = new ConfigurationProbes().HostAddresses();
        Assert.That(heard, Is.SupersetOf(new[] { IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.255") }));
        Assert.That(heard, Has.No.Member(IPAddress.Parse("10.0.0.2")));
    });
}
