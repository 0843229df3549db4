using System.Text.Json;
using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Http;

public sealed class HealthTests
{
    [Test]
    public async Task Readiness_has_no_details_when_everything_is_up()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active());

        Assert.That(await server.TextAsync("/health/ready"), Is.EqualTo("{\"status\":\"ready\"}"));
    }

    [Test]
    public async Task Health_requests_are_not_logged()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active());
        await server.TextAsync("/health/live");
        await server.TextAsync("/metrics");

        Assert.That(server.Log.Lines, Has.None.Contains("HTTP/1.1 GET"));
    }

    [Test]
    public async Task A_silent_device_and_a_disabled_archive_do_not_affect_readiness()
    {
        await using TestServer server = await TestServer.StartAsync(
            TestChannels.Active(TestChannels.Options() with { Archive = new ArchiveOptions { Enabled = false } }));

        Assert.That((await server.JsonAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [TestCase(ChannelStatus.Starting, "starting")]
    [TestCase(ChannelStatus.Faulted, "faulted")]
    [TestCase(ChannelStatus.Stalled, "stalled")]
    [TestCase(ChannelStatus.Stopped, "stopped")]
    public async Task A_channel_that_is_not_up_is_named_with_its_fault(ChannelStatus status, string named)
    {
        TestChannel down = TestChannels.Active("down", 26001);
        down.NowState = new ChannelState(status, TestChannels.Noon, TestChannels.Fault("interface eth9 is absent", FaultRole.Setup), 1, TestChannels.Noon);
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active(), down);

        (int code, JsonElement body) = await server.JsonAsync("/health/ready");

        JsonElement named1 = body.GetProperty("channels").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(503));
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("unready"));
            Assert.That(named1.GetProperty("channel").GetString(), Is.EqualTo("down"));
            Assert.That(named1.GetProperty("status").GetString(), Is.EqualTo(named));
            Assert.That(named1.GetProperty("why").GetString(), Is.EqualTo("interface eth9 is absent"));
        });
    }

    [Test]
    public async Task An_archive_that_is_not_up_is_named_with_its_fault()
    {
        TestChannel channel = TestChannels.Active();
        channel.NowArchive = new ArchiveState(TestChannels.Fault("the folder is not writable", FaultRole.Archive), null, null, 0, 0, null);
        await using TestServer server = await TestServer.StartAsync(channel);

        (int code, JsonElement body) = await server.JsonAsync("/health/ready");

        JsonElement archive = body.GetProperty("archives").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(503));
            Assert.That(body.GetProperty("channels").GetArrayLength(), Is.Zero);
            Assert.That(archive.GetProperty("channel").GetString(), Is.EqualTo("example"));
            Assert.That(archive.GetProperty("why").GetString(), Is.EqualTo("the folder is not writable"));
        });
    }

    [Test]
    public async Task A_stream_that_is_not_up_is_named_with_its_reason_and_when_it_is_tried_again()
    {
        TestChannel channel = TestChannels.Active();
        channel.NowParts = channel.NowParts with { Full = new PartState(false, TestChannels.Noon, "FullRate:Interface = eth9: there is no such interface", TestChannels.Noon.AddSeconds(2)) };
        await using TestServer server = await TestServer.StartAsync(channel);

        (int code, JsonElement body) = await server.JsonAsync("/health/ready");

        JsonElement stream = body.GetProperty("streams").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(503));
            Assert.That(body.GetProperty("channels").GetArrayLength(), Is.Zero);
            Assert.That(body.GetProperty("archives").GetArrayLength(), Is.Zero);
            Assert.That(stream.GetProperty("channel").GetString(), Is.EqualTo("example"));
            Assert.That(stream.GetProperty("stream").GetString(), Is.EqualTo("full"));
            Assert.That(stream.GetProperty("why").GetString(), Does.Contain("eth9"));
            Assert.That(stream.GetProperty("retry_at").GetDateTimeOffset(), Is.EqualTo(TestChannels.Noon.AddSeconds(2)));
        });
    }

    [Test]
    public async Task Nothing_is_ready_before_the_channels_were_started()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Host.IsStarted = false;

        (int code, JsonElement body) = await server.JsonAsync("/health/ready");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(503));
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("starting"));
        });
    }

    [Test]
    public async Task The_process_is_live_whatever_its_channels_do()
    {
        TestChannel down = TestChannels.Starting(TestChannels.Options());
        await using TestServer server = await TestServer.StartAsync(down);

        Assert.That((await server.JsonAsync("/health/live")).Status, Is.EqualTo(200));
    }
}
