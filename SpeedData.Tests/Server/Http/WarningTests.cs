using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sources;
using SpeedData.Tests.Server.Metrics;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Http;

/// <summary>A channel that refuses all its traffic still receives, and shows a warning.</summary>
public sealed class WarningTests
{
    private const long Began = 1_772_366_400_000_000_000, Minute = 60_000_000_000;

    [Test]
    public async Task A_channel_that_refuses_everything_for_a_minute_is_ready_with_a_warning()
    {
        TestChannel channel = Refusing(Minute);
        await using TestServer server = await TestServer.StartAsync(channel);

        (int code, JsonElement body) = await server.JsonAsync("/health/ready");
        JsonElement view = (await server.JsonAsync("/api/v1/channels/example")).Body;

        JsonElement warning = body.GetProperty("warnings").EnumerateArray().Single();
        string why = warning.GetProperty("why").GetString()!;
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(200));
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("ready"));
            Assert.That(warning.GetProperty("channel").GetString(), Is.EqualTo("example"));
            Assert.That(why, Does.StartWith("every datagram since 2026-03-01T12:00:00Z was refused, most of them from 10.0.0.1 as invalid: truncated"));
            Assert.That(view.GetProperty("warnings").EnumerateArray().Single().GetString(), Is.EqualTo(why));
        });
    }

    [TestCase(Minute - 1, 0, TestName = "Less_than_a_minute_is_no_warning")]
    [TestCase(2 * Minute, 1, TestName = "An_accepted_datagram_ends_the_warning")]
    public async Task There_is_no_warning(long after, int accepted)
    {
        TestChannel channel = Refusing(after);
        if (accepted > 0)
            channel.Counters.Receive.Write(channel.Counters.Receive.Value with { RefusingSinceNs = 0 });
        await using TestServer server = await TestServer.StartAsync(channel);
        var scrape = new Scrape(await server.TextAsync("/metrics"));
        Assert.Multiple(() =>
        {
            Assert.That(server.TextAsync("/health/ready").Result, Is.EqualTo("{\"status\":\"ready\"}"));
            Assert.That(scrape.Of("speeddata_channel_refuses_all", "example"), Is.Zero);
        });
    }

    [Test]
    public async Task Each_schema_has_its_counts()
    {
        TestChannel channel = TestChannels.Active();
        string path = channel.Options.SchemaPath;
        channel.Counters.Of(channel.Schema).Accept(7);
        await using TestServer server = await TestServer.StartAsync(channel);
        JsonElement schema = (await server.JsonAsync("/api/v1/channels/example")).Body.GetProperty("schemas").EnumerateArray().Single();
        var scrape = new Scrape(await server.TextAsync("/metrics"));
        Assert.Multiple(() =>
        {
            Assert.That(schema.GetProperty("path").GetString(), Is.EqualTo(path));
            Assert.That(schema.GetProperty("accepted").GetInt64(), Is.EqualTo(7));
            Assert.That(scrape.Of("speeddata_schema_accepted_datagrams_total", "example", $"schema=\"{Path.GetFileName(path)}\""), Is.EqualTo(7));
        });
    }

    private static TestChannel Refusing(long forNs)
    {
        TestChannel channel = TestChannels.Active();
        channel.Counters.Receive.Write(new ReceiveTally { Received = 3, Invalid = 3, RefusingSinceNs = Began, LastDatagramNs = Began + forNs });
        channel.Rejects.Add(DropReason.Invalid, 1, Began, SourceAddress.IPv4(0x0A000001, 5), new byte[3], 3);
        return channel;
    }
}
