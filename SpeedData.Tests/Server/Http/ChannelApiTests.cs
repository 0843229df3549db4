using System.Net;
using System.Text.Json;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Http;

public sealed class ChannelApiTests
{
    [Test]
    public async Task The_list_holds_every_channel_in_order()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active("b", 26001), TestChannels.Active("a", 26000));

        (int status, JsonElement body) = await server.JsonAsync("/api/v1/channels");

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(body.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("name").GetString()), Is.EqualTo(new[] { "b", "a" }));
        });
    }

    [Test]
    public async Task Without_a_limit_the_list_is_complete()
    {
        await using TestServer server = await TestServer.StartAsync([.. Enumerable.Range(0, 1500).Select(i => TestChannels.Active($"c{i}", 26000 + i))]);

        (_, JsonElement body) = await server.JsonAsync("/api/v1/channels");

        Assert.That((body.GetProperty("channels").GetArrayLength(), body.GetProperty("next").ValueKind), Is.EqualTo((1500, JsonValueKind.Null)));
    }

    [Test]
    public async Task Pages_hold_each_channel_once_in_the_order_of_names()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active("d", 26003), TestChannels.Active("B", 26001), TestChannels.Active("a", 26000), TestChannels.Active("c", 26002));

        JsonElement first = (await server.JsonAsync("/api/v1/channels?limit=3")).Body;
        string next = first.GetProperty("next").GetString()!;
        JsonElement last = (await server.JsonAsync($"/api/v1/channels?limit=3&after={next}")).Body;
        JsonElement exact = (await server.JsonAsync("/api/v1/channels?limit=4&status=active")).Body;
        JsonElement removed = (await server.JsonAsync("/api/v1/channels?limit=1&after=bb")).Body;

        Assert.Multiple(() =>
        {
            Assert.That(NamesIn(first), Is.EqualTo(new[] { "a", "B", "c" }));
            Assert.That(next, Is.EqualTo("c"));
            Assert.That(NamesIn(last), Is.EqualTo(new[] { "d" }));
            Assert.That(last.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That((exact.GetProperty("channels").GetArrayLength(), exact.GetProperty("next").ValueKind), Is.EqualTo((4, JsonValueKind.Null)));
            Assert.That(NamesIn(removed), Is.EqualTo(new[] { "c" }), "a page can continue after a removed channel");
        });
    }

    [TestCase("/api/v1/channels?limit=0")]
    [TestCase("/api/v1/channels?limit=-1")]
    [TestCase("/api/v1/channels?limit=many")]
    [TestCase("/api/v1/tags?limit=0")]
    public async Task A_limit_that_is_not_a_positive_number_is_refused(string path)
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active());

        (int status, JsonElement body) = await server.JsonAsync(path);

        Assert.That((status, body.GetProperty("error").GetString()), Is.EqualTo((400, $"limit {path.Split('=')[1]}: use a number from 1 to 2147483647")));
    }

    [Test]
    public async Task A_channel_shows_its_properties_and_its_state()
    {
        TestChannel channel = TestChannels.Active();
        channel.Counters.Receive.Write(new ReceiveTally { Received = 10, ReceivedBytes = 99, Invalid = 1, Queued = 9, FullRelayed = 8, FullErrors = 1, DecimatedRelayed = 1, LastDatagramNs = 1_772_366_400_000_000_000 });
        channel.Written(new WriterTally { Archived = 7, ArchivedBytes = 70 });
        await using TestServer server = await TestServer.StartAsync(channel);

        (int status, JsonElement body) = await server.JsonAsync("/api/v1/channels/example");

        JsonElement counters = body.GetProperty("counters");
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(body.GetProperty("name").GetString(), Is.EqualTo("example"));
            Assert.That(body.GetProperty("port").GetInt32(), Is.EqualTo(26000));
            Assert.That(body.GetProperty("schema_path").GetString(), Is.EqualTo(TestChannels.ExampleSchema));
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("active"));
            Assert.That(body.GetProperty("created_at").GetDateTimeOffset(), Is.EqualTo(TestChannels.Noon));
            Assert.That(body.GetProperty("last_fault").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(counters.GetProperty("received").GetInt64(), Is.EqualTo(10));
            Assert.That(counters.GetProperty("pending").GetInt64(), Is.EqualTo(2));
            Assert.That(counters.GetProperty("archived").GetInt64(), Is.EqualTo(7));
            Assert.That(counters.GetProperty("dropped").GetProperty("invalid").GetInt64(), Is.EqualTo(1));
            Assert.That(counters.GetProperty("relayed").GetProperty("full").GetInt64(), Is.EqualTo(8));
            Assert.That(counters.GetProperty("relay_errors").GetProperty("full").GetInt64(), Is.EqualTo(1));
            Assert.That(counters.GetProperty("last_datagram_at").GetDateTimeOffset(), Is.EqualTo(TestChannels.Noon));
        });
    }

    [Test]
    public async Task Each_part_shows_its_state_and_a_disabled_part_is_null()
    {
        TestChannel channel = TestChannels.Active(TestChannels.Options() with { Archive = new ArchiveOptions { Enabled = false } });
        channel.NowParts = channel.NowParts with { Decimated = new PartState(false, TestChannels.Noon, "no route", TestChannels.Noon.AddSeconds(3)) };
        await using TestServer server = await TestServer.StartAsync(channel);

        JsonElement parts = (await server.JsonAsync("/api/v1/channels/example")).Body.GetProperty("parts");

        Assert.Multiple(() =>
        {
            Assert.That(parts.GetProperty("receive").GetProperty("up").GetBoolean(), Is.True);
            Assert.That(parts.GetProperty("archive").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(parts.GetProperty("full").GetProperty("since").GetDateTimeOffset(), Is.EqualTo(TestChannels.Noon));
            Assert.That(parts.GetProperty("decimated").GetProperty("up").GetBoolean(), Is.False);
            Assert.That(parts.GetProperty("decimated").GetProperty("why").GetString(), Is.EqualTo("no route"));
            Assert.That(parts.GetProperty("decimated").GetProperty("retry_at").GetDateTimeOffset(), Is.EqualTo(TestChannels.Noon.AddSeconds(3)));
        });
    }

    [Test]
    public async Task The_configuration_in_force_is_shown()
    {
        ChannelOptions options = TestChannels.Options() with
        {
            Receive = new ReceiveOptions { AllowedSources = [IPNetwork.Parse("10.0.0.0/8")], Interface = "eth0" },
            Archive = new ArchiveOptions { RetainFor = TimeSpan.FromHours(2), MinFreeBytes = FreeSpaceFloor.Of(5 << 20) },
        };
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active(options));

        JsonElement config = (await server.JsonAsync("/api/v1/channels/example")).Body.GetProperty("config");

        Assert.Multiple(() =>
        {
            Assert.That(config.GetProperty("receive").GetProperty("interface").GetString(), Is.EqualTo("eth0"));
            Assert.That(config.GetProperty("receive").GetProperty("allowed_sources")[0].GetString(), Is.EqualTo("10.0.0.0/8"));
            Assert.That(config.GetProperty("full_rate").GetProperty("address").GetString(), Is.EqualTo("239.1.1.1"));
            Assert.That(config.GetProperty("full_rate").GetProperty("factor").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(config.GetProperty("decimated").GetProperty("factor").GetInt32(), Is.EqualTo(5));
            Assert.That(config.GetProperty("archive").GetProperty("codec").GetString(), Is.EqualTo("null"));
            Assert.That(config.GetProperty("archive").GetProperty("flush_every_seconds").GetDouble(), Is.EqualTo(0.1));
            Assert.That(config.GetProperty("archive").GetProperty("retain_for_seconds").GetDouble(), Is.EqualTo(7200));
            Assert.That(config.GetProperty("archive").GetProperty("retain_bytes").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(config.GetProperty("archive").GetProperty("min_free_bytes").GetInt64(), Is.EqualTo(5 << 20));
            Assert.That(config.GetProperty("threads").GetProperty("receive_cpu").ValueKind, Is.EqualTo(JsonValueKind.Null));
        });
    }

    [Test]
    public async Task The_free_space_in_force_and_the_fault_of_retention_are_shown()
    {
        TestChannel channel = TestChannels.Active();
        channel.NowRetention = new RetentionState(TestChannels.Fault("cannot delete x", FaultRole.Archive), 3_200_000, new DeletionLog());
        channel.Counters.CountDeletedFile(DeletionReason.Age);
        await using TestServer server = await TestServer.StartAsync(channel);

        JsonElement body = (await server.JsonAsync("/api/v1/channels/example")).Body;

        Assert.Multiple(() =>
        {
            Assert.That(body.GetProperty("config").GetProperty("archive").GetProperty("min_free_bytes").GetInt64(), Is.EqualTo(3_200_000));
            Assert.That(body.GetProperty("archive").GetProperty("up").GetBoolean(), Is.True);
            Assert.That(body.GetProperty("archive").GetProperty("retention_fault").GetProperty("message").GetString(), Is.EqualTo("cannot delete x"));
            Assert.That(body.GetProperty("counters").GetProperty("deleted_files").GetProperty("age").GetInt64(), Is.EqualTo(1));
            Assert.That(body.GetProperty("counters").GetProperty("deleted_files").GetProperty("free_space").GetInt64(), Is.Zero);
        });
    }

    [Test]
    public async Task A_faulted_channel_shows_its_fault_and_the_time_of_the_next_attempt()
    {
        TestChannel channel = TestChannels.Active();
        channel.NowState = new ChannelState(ChannelStatus.Faulted, TestChannels.Noon, TestChannels.Fault("port 26000 is taken", FaultRole.Setup), 3, TestChannels.Noon.AddSeconds(4));
        await using TestServer server = await TestServer.StartAsync(channel);

        JsonElement body = (await server.JsonAsync("/api/v1/channels/example")).Body;

        Assert.Multiple(() =>
        {
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("faulted"));
            Assert.That(body.GetProperty("last_fault").GetProperty("role").GetString(), Is.EqualTo("setup"));
            Assert.That(body.GetProperty("last_fault").GetProperty("message").GetString(), Is.EqualTo("port 26000 is taken"));
            Assert.That(body.GetProperty("faults_in_a_row").GetInt32(), Is.EqualTo(3));
            Assert.That(body.GetProperty("retry_at").GetDateTimeOffset(), Is.EqualTo(TestChannels.Noon.AddSeconds(4)));
        });
    }

    [Test]
    public async Task A_faulted_archive_leaves_the_channel_active()
    {
        TestChannel channel = TestChannels.Active();
        channel.NowArchive = new ArchiveState(TestChannels.Fault("no space left", FaultRole.Archive), null, "x.avro.part", 2, 30, TestChannels.Noon);
        await using TestServer server = await TestServer.StartAsync(channel);

        JsonElement body = (await server.JsonAsync("/api/v1/channels/example")).Body;

        Assert.Multiple(() =>
        {
            Assert.That(body.GetProperty("status").GetString(), Is.EqualTo("active"));
            Assert.That(body.GetProperty("archive").GetProperty("up").GetBoolean(), Is.False);
            Assert.That(body.GetProperty("archive").GetProperty("fault").GetProperty("message").GetString(), Is.EqualTo("no space left"));
            Assert.That(body.GetProperty("archive").GetProperty("part_file").GetString(), Is.EqualTo("x.avro.part"));
            Assert.That(body.GetProperty("archive").GetProperty("files").GetInt64(), Is.EqualTo(2));
        });
    }

    [TestCase("GET", "/api/v2", 404, "/api/v2")]
    [TestCase("PATCH", "/api/v1/channels/example", 405, "PATCH")]
    [TestCase("POST", "/metrics", 405, "POST")]
    public async Task An_unknown_path_or_method_is_answered_with_an_error(string method, string path, int expected, string named)
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active());

        (int status, JsonElement body) = await server.JsonAsync(path, new HttpMethod(method));

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(expected));
            Assert.That(body.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "error" }));
            Assert.That(body.GetProperty("error").GetString(), Does.Contain(named));
        });
    }

    private static IEnumerable<string?> NamesIn(JsonElement list) => list.GetProperty("channels").EnumerateArray().Select(channel => channel.GetProperty("name").GetString());

    [Test]
    public async Task An_internal_failure_is_answered_and_logged()
    {
        TestChannel channel = TestChannels.Active();
        channel.OnArchive = new InvalidOperationException("secret");
        await using TestServer server = await TestServer.StartAsync(channel);

        (int status, JsonElement body) = await server.JsonAsync("/api/v1/channels/example");

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(500));
            Assert.That(body.GetProperty("error").GetString(), Is.Not.Empty.And.Not.Contain("secret"));
            Assert.That(server.Log.Lines, Has.Some.StartsWith("Error"));
        });
    }
}
