using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Supervision;

namespace SpeedData.Tests.Supervision;

/// <summary>Channels that the configuration check allowed, but that a change of the host forbids.</summary>
public sealed class HostRulesTests
{
    private static readonly IPAddress Group = IPAddress.Parse("239.2.2.2"), Failover = IPAddress.Parse("10.0.0.9");

    [Test]
    public void A_stream_whose_address_now_belongs_to_this_host_feeds_an_input()
    {
        ChannelOptions a = Channel("a", 5000), b = Channel("b", 5001) with { FullRate = Stream(Failover, 5000) };
        Assert.Multiple(() =>
        {
            Assert.That(Check([a, b], []), Is.Empty);
            Assert.That(Check([a, b], [Failover])["b"].Full, Does.Contain("feeds channel a").And.Contain("10.0.0.9:5000"));
        });
    }

    [Test]
    public void Every_stream_that_feeds_an_input_is_named()
    {
        ChannelOptions[] channels = [Channel("a", 5000) with { FullRate = Stream(Failover, 5001) }, Channel("b", 5001) with { FullRate = Stream(Failover, 5000) }];
        Assert.That(Check(channels, [Failover]).Keys, Is.EquivalentTo(new[] { "a", "b" }));
    }

    [Test]
    public void Two_streams_conflict_if_a_name_and_an_address_or_a_route_mean_the_same_interface()
    {
        ChannelOptions named = Channel("a", 5000) with { FullRate = Stream(Group, 6000, "eth0") };
        Assert.Multiple(() =>
        {
            Assert.That(Check([named, Channel("b", 5001) with { Decimated = Decimated(Group, 6000, "10.0.0.1") }])["b"].Decimated, Does.Contain("a's FullRate"));
            Assert.That(Check([named, Channel("b", 5001) with { FullRate = Stream(Group, 6000) }])["b"].Full, Does.Contain("a's FullRate"));
            Assert.That(Check([named, Channel("b", 5001) with { FullRate = Stream(Group, 6000, "eth1") }]), Is.Empty);
        });
    }

    [Test]
    public void Two_inputs_of_one_group_conflict_if_a_name_and_an_address_mean_the_same_interface()
    {
        ChannelOptions named = Channel("a", 5000, "eth0");
        Assert.Multiple(() =>
        {
            Assert.That(Check([named, Channel("b", 5000, "10.0.0.1")])["b"].Receive, Does.Contain("channel a receives on"));
            Assert.That(Check([named, Channel("b", 5000, "10.0.1.1")]), Is.Empty);
        });
    }

    [Test]
    public void The_latest_check_always_reflects_the_present_host()
    {
        var rules = new HostRules();
        ChannelOptions a = Channel("a", 5000), feeding = Channel("b", 5001) with { FullRate = Stream(Failover, 5000) }, harmless = feeding with { FullRate = Stream(Failover, 5002) };
        string? route = "eth0";
        Assert.Multiple(() =>
        {
            Assert.That(Of([a, feeding]), Is.Empty);
            Assert.That(Of([a, feeding], Failover), Has.Count.EqualTo(1));
            Assert.That(Of([a, feeding], Failover), Has.Count.EqualTo(1), "nothing has changed");
            Assert.That(Of([a, harmless], Failover), Is.Empty);
            Assert.That(Of([a, feeding], Failover), Has.Count.EqualTo(1));
            Assert.That(Of([a, feeding]), Is.Empty);
            ChannelOptions[] routed = [Channel("a", 5000) with { FullRate = Stream(Group, 6000, "eth0") }, Channel("b", 5001) with { FullRate = Stream(Group, 6000) }];
            Assert.That(Of(routed), Has.Count.EqualTo(1));
            route = "eth1";
            Assert.That(Of(routed), Is.Empty);
        });

        IReadOnlyDictionary<string, Breaches> Of(ChannelOptions[] channels, params IPAddress[] addresses) =>
            rules.Check(channels, new HostView(() => new HashSet<IPAddress>(addresses), configured => configured, _ => route));
    }

    /// <summary>Checks the rules on a host with eth0 (10.0.0.1), which routes all groups, and further addresses.</summary>
    private static IReadOnlyDictionary<string, Breaches> Check(ChannelOptions[] channels, params IPAddress[] addresses) =>
        new HostRules().Check(channels, new HostView(() => new HashSet<IPAddress>(addresses), configured => configured is "eth0" or "10.0.0.1" ? "eth0" : null, _ => "eth0"));

    private static ChannelOptions Channel(string name, int port, string? joinedOn = null) => new()
    {
        Name = name,
        Port = port,
        SchemaPath = "",
        Receive = joinedOn is null ? new ReceiveOptions() : new ReceiveOptions { Address = Group, Interface = joinedOn },
        FullRate = new StreamOptions { Enabled = false, Address = IPAddress.Loopback, Port = 9 },
        Decimated = new DecimatedOptions { Enabled = false, Address = IPAddress.Loopback, Port = 9 },
    };

    private static StreamOptions Stream(IPAddress address, int port, string? way = null) => new() { Address = address, Port = port, Interface = way };

    private static DecimatedOptions Decimated(IPAddress address, int port, string? way) => new() { Address = address, Port = port, Interface = way };
}
