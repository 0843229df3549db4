using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>Several channels of one server on a host with several interfaces.</summary>
[Platform("Linux")]
public sealed class ManyChannelsOnWireTests
{
    private const string Group = "239.5.5.5", Off = """ "FullRate":{"Enabled":false},"Decimated":{"Enabled":false} """;

    [Test]
    public void Two_channels_share_group_and_port_on_two_interfaces_even_after_both_were_deleted() => Wire.Run(2, wire =>
    {
        using var server = new ServerOnWire(
            $$"""{"Receive":{"Interface":"eth0","Address":"{{Group}}"},{{Off}}}""",
            $$"""{"Name":"y","Port":{{ServerOnWire.Port}},"Receive":{"Interface":"eth1","Address":"{{Group}}"},{{Off}}}""");
        Separated(300, 200);
        (string?, string?) before = Places();
        Wire.Ip("link del eth1");
        Wire.Ip("link del eth0");
        // Adds the interfaces in reverse order: each gets the other's index, or a new one.
        wire.AddInterface(1);
        wire.AddInterface(0);
        Eventually.True(() => Places() is (not null, not null) and var now && now.Item1 != before.Item1 && now.Item2 != before.Item2, () => $"both have joined again: {Places()}", seconds: 2);
        Separated(600, 400);

        static (string?, string?) Places() => (ServerOnWire.WhereOf("x"), ServerOnWire.WhereOf("y"));

        void Separated(int ofX, int ofY)
        {
            wire.Send(0, Group, server, 300);
            wire.Send(1, Group, server, 200);
            Eventually.True(() => server.Received >= ofX && ServerOnWire.ReceivedBy("y") >= ofY, () => $"each has its own: {server.Received}, {ServerOnWire.ReceivedBy("y")}");
            Assert.That((server.Received, ServerOnWire.ReceivedBy("y")), Is.EqualTo((ofX, ofY)));
        }
    });

    [Test]
    public void A_channel_without_a_group_records_no_group_that_another_channel_joined() => Wire.Run(1, wire =>
    {
        using var server = new ServerOnWire(
            $$"""{ {{Off}} }""",
            $$"""{"Name":"y","Port":{{ServerOnWire.Port + 1}},"Receive":{"Interface":"eth0","Address":"{{Group}}"},{{Off}}}""");
        wire.Send(0, Group, server, 300);
        // Datagrams arrive in order, so the others would have arrived before these.
        server.Send(100);
        Eventually.True(() => server.Received >= 100, "the datagrams sent to the host arrive");
        Assert.That(server.Received, Is.EqualTo(100));
    });

    [Test]
    public void Adding_and_removing_other_interfaces_replaces_no_socket_of_fifty_channels() => Wire.Run(1, _ =>
    {
        const int Pairs = 50;
        Wire.Ip("route add default via 10.0.0.2");
        using var server = new ServerOnWire(
            """{"Receive":{"Address":"127.0.0.1"}}""",
            Enumerable.Range(1, 49).Select(i => $$"""{"Name":"c{{i}}","Port":{{ServerOnWire.Port + i}},"Receive":{"Address":"127.0.0.1"} }"""));
        string before = Sockets();
        for (int i = 0; i < Pairs; i++)
        {
            Wire.Ip("link add v1 type veth peer name v2");
            Wire.Ip("link del v1");
        }

        Assert.That(Sockets(), Is.EqualTo(before));

        string Sockets() => string.Join('\n', server.Part("receive"), server.Part("full"), server.Part("decimated"));
    });
}
