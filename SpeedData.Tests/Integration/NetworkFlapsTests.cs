using System.Net;
using System.Net.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>While the network flaps, recording continues, the streams recover, and a membership follows its interface.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class NetworkFlapsTests
{
    private const string Group = "239.5.5.5";

    [TestCase(0)]
    [TestCase(1)]
    public void A_stream_comes_up_with_its_interface_that_was_absent_at_the_start(int ttl) => Wire.Run(1, _ =>
    {
        using var server = new ServerOnWire($$$"""{"Receive":{"Address":"127.0.0.1"},"FullRate":{"Interface":"eth9","Ttl":{{{ttl}}}},"Decimated":{"Enabled":false}}""");
        server.Send(500);
        Eventually.True(() => server.Received == 500, "the server receives");
        Assert.That(server.Readiness["streams"]![0]!["why"]!.GetValue<string>(), Does.Contain("eth9"));
        Wire.Ip("link add eth9 type veth peer name far9");
        Wire.Ip("addr add 10.9.0.1/24 dev eth9");
        Wire.Ip("link set far9 up");
        Wire.Ip("link set eth9 up");
        Eventually.True(() => server.IsUp("full"), "the stream is up", seconds: 2);
        server.Send(500);
        server.AssertNothingIsMissing();
    });

    [TestCase(0)]
    [TestCase(1)]
    public void A_stream_without_its_interface_counts_errors_while_everything_is_recorded(int ttl) => Wire.Run(2, wire =>
    {
        using var server = new ServerOnWire($$$"""{"Receive":{"Address":"127.0.0.1"},"FullRate":{"Interface":"eth0","Ttl":{{{ttl}}}},"Decimated":{"Interface":"eth1","Ttl":{{{ttl}}}}}""");
        server.Send(500);
        Wire.Ip("link del eth0");
        Eventually.True(() => !server.IsUp("full"), "the stream is down");
        server.Send(500);
        wire.AddInterface(0);
        Eventually.True(() => server.IsUp("full"), "the stream is up again", seconds: 2);
        server.Send(500);
        server.AllAreReceived();
        Assert.Multiple(() =>
        {
            Assert.That(server.Channel["counters"]!["relay_errors"]!["full"]!.GetValue<long>(), Is.GreaterThanOrEqualTo(500));
            Assert.That(server.Channel["counters"]!["relay_errors"]!["decimated"]!.GetValue<long>(), Is.Zero, "the other stream");
        });
        server.AssertNothingIsMissing();
    });

    [TestCase(0)]
    [TestCase(1)]
    public void Nothing_is_missing_after_address_and_default_route_flapped(int ttl) => Wire.Run(1, _ =>
    {
        Wire.Ip("route add default via 10.0.0.2");
        using var server = new ServerOnWire($$$"""{"Receive":{"Address":"127.0.0.1"},"FullRate":{"Ttl":{{{ttl}}}},"Decimated":{"Ttl":{{{ttl}}}}}""");
        for (int flap = 0; flap < 5; flap++)
        {
            server.Send(300);
            Wire.Ip("addr flush dev eth0");
            server.Send(300);
            Wire.Ip("addr add 10.0.0.1/24 dev eth0");
            Wire.Ip("route add default via 10.0.0.2");
        }

        Eventually.True(() => server.IsUp("full") && server.Part("full")!["where"]!.GetValue<string>().Contains("eth0", StringComparison.Ordinal), "the stream leaves by eth0 again");
        server.AssertNothingIsMissing();
    });

    [TestCase("\"Interface\":\"eth0\",", TestName = "A_membership_follows_an_interface_given_by_name")]
    [TestCase("\"Interface\":\"10.0.0.1\",", TestName = "A_membership_follows_an_interface_given_by_address")]
    [TestCase("", TestName = "A_membership_follows_an_interface_that_the_routing_table_chose")]
    public void A_membership_follows(string way) => Wire.Run(1, wire =>
    {
        Wire.Ip("route add 239.0.0.0/8 dev eth0");
        using var server = new ServerOnWire($$$"""{"Receive":{ {{{way}}} "Address":"{{{Group}}}"},"FullRate":{"Enabled":false},"Decimated":{"Enabled":false}}""");
        wire.Send(0, Group, server, 300);
        Eventually.True(() => server.Received == 300, "the group");
        Wire.Ip("link del eth0");
        Eventually.True(() => !server.IsUp("receive"), "the membership is gone, and the part says so", seconds: 2);
        wire.AddInterface(0);
        Wire.Ip("route add 239.0.0.0/8 dev eth0");
        Eventually.True(() => server.IsUp("receive"), "the membership is back", seconds: 2);
        wire.Send(0, Group, server, 300);
        server.AssertNothingIsMissing();
    });

    [Test]
    public void A_better_route_to_the_group_moves_the_membership() => Wire.Run(2, wire =>
    {
        Wire.Ip("route add 239.0.0.0/8 dev eth0");
        using var server = new ServerOnWire($$$"""{"Receive":{"Address":"{{{Group}}}"},"FullRate":{"Enabled":false},"Decimated":{"Enabled":false}}""");
        Assert.That(server.Part("receive")!["where"]!.GetValue<string>(), Does.Contain("eth0").And.Contain("routing table"));
        Wire.Ip("route add 239.5.0.0/16 dev eth1");
        Eventually.True(() => server.Part("receive")!["where"]?.GetValue<string>().Contains("eth1", StringComparison.Ordinal) == true, "the membership moves", seconds: 2);
        wire.Send(1, Group, server, 300);
        server.AssertNothingIsMissing();
    });

    [Test]
    public void Membership_and_stream_follow_an_address_to_another_interface() => Wire.Run(2, wire =>
    {
        Wire.Ip("addr add 10.0.9.9/32 dev eth0");
        using var server = new ServerOnWire($$$"""{"Receive":{"Interface":"10.0.9.9","Address":"{{{Group}}}"},"FullRate":{"Interface":"10.0.9.9","Ttl":1},"Decimated":{"Enabled":false}}""");
        Wire.Ip("addr del 10.0.9.9/32 dev eth0");
        Wire.Ip("addr add 10.0.9.9/32 dev eth1");
        Eventually.True(() => new[] { "receive", "full" }.All(part => server.Part(part)!["where"]?.GetValue<string>().Contains("eth1", StringComparison.Ordinal) == true), "both are on eth1", seconds: 2);
        wire.Send(1, Group, server, 300);
        server.AssertNothingIsMissing();
    });

    [Test]
    public void Two_interfaces_with_one_address_are_accepted_by_name_and_refused_by_address() => Wire.Run(2, wire =>
    {
        Wire.Ip("addr flush dev eth1");
        Wire.Ip("addr add 10.0.0.1/24 dev eth1");
        using (var ambiguous = new ServerOnWire($$$"""{"Receive":{"Interface":"10.0.0.1","Address":"{{{Group}}}"},"FullRate":{"Enabled":false},"Decimated":{"Enabled":false}}"""))
            Assert.That(ambiguous.Part("receive")!["why"]!.GetValue<string>(), Does.Contain("eth0 and eth1"));
        using var server = new ServerOnWire($$$"""{"Receive":{"Interface":"eth1","Address":"232.5.5.5","Source":"10.0.1.2"},"FullRate":{"Enabled":false},"Decimated":{"Enabled":false}}""");
        Wire.Ip("route add 10.0.1.0/24 dev eth1");
        wire.Send(1, "232.5.5.5", server, 300);
        server.AssertNothingIsMissing();
    });

    [Test]
    public void A_group_is_joined_on_an_interface_without_an_address() => Wire.Run(1, wire =>
    {
        Wire.Ip("addr flush dev eth0");
        Wire.Ip("route add 10.0.0.0/24 dev eth0");
        using var server = new ServerOnWire($$$"""{"Receive":{"Interface":"eth0","Address":"{{{Group}}}"},"FullRate":{"Enabled":false},"Decimated":{"Enabled":false}}""");
        wire.Send(0, Group, server, 300);
        server.AssertNothingIsMissing();
    });

    [Test]
    public void A_sender_that_the_host_would_answer_through_another_interface_is_reported() => Wire.Run(2, wire =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/conf/eth1/rp_filter", "1");
        using var server = new ServerOnWire($$$"""{"Receive":{"Interface":"eth1","Address":"{{{Group}}}"},"FullRate":{"Enabled":false},"Decimated":{"Enabled":false}}""");
        Wire.Ip("addr flush dev eth1");
        Wire.Ip("addr add 172.31.0.1/24 dev eth1");
        wire.Send(1, Group, server, 100);
        Eventually.True(() => server.Log.Contains("rp_filter", StringComparison.Ordinal), "the log names the sender");
        Assert.That(server.Received, Is.Zero);
    });

    // The marker stream goes down after all unrelated changes. Once it is down, the server has handled them.
    [TestCase("full", """{"Receive":{"Address":"127.0.0.1"},"FullRate":{"Ttl":1},"Decimated":{"Ttl":1,"Interface":"eth1"}}""", "decimated")]
    [TestCase("decimated", """{"Receive":{"Address":"127.0.0.1"},"FullRate":{"Ttl":1,"Interface":"eth1"},"Decimated":{"Ttl":0}}""", "full")]
    public void An_unrelated_interface_replaces_no_socket(string stream, string channel, string marker) => Wire.Run(2, _ =>
    {
        Wire.Ip("route add default via 10.0.0.2");
        using var server = new ServerOnWire(channel);
        string before = Unrelated();
        for (int i = 0; i < 5; i++)
        {
            Wire.Ip("link add v1 type veth peer name v2");
            Wire.Ip("addr add 10.77.0.1/24 dev v1");
            Wire.Ip("link set v1 up");
            server.Send(100);
            Wire.Ip("link del v1");
        }

        Wire.Ip("addr flush dev eth1");
        Eventually.True(() => !server.IsUp(marker), () => $"{marker} is down: {server.Channel}");
        Assert.That(Unrelated(), Is.EqualTo(before));
        server.AssertNothingIsMissing();

        string Unrelated() => string.Join('\n', server.Part("receive"), server.Part("archive"), server.Part(stream));
    });
}
