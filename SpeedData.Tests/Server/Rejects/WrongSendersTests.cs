using System.Text.Json;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;
using SpeedData.Server.Demo;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Rejects;

/// <summary>The hints that an engineer reads about a wrong sender.</summary>
public sealed class WrongSendersTests
{
    private static readonly byte[] Record = Good();

    private string _otherSchema = "";

    [OneTimeSetUp]
    public void WriteOtherSchema()
    {
        _otherSchema = Path.Combine(Path.GetTempPath(), $"other-{Guid.NewGuid():N}.avsc");
        File.WriteAllText(_otherSchema, """{"type":"record","name":"other","fields":[{"name":"a","type":"double"},{"name":"b","type":"boolean"}]}""");
    }

    [OneTimeTearDown]
    public void RemoveOtherSchema() => File.Delete(_otherSchema);

    private static IEnumerable<TestCaseData> Senders()
    {
        yield return Case("an empty datagram", [], "empty datagram");
        yield return Case("a container file", [.. "Obj\u0001"u8, .. new byte[40]], "container file");
        yield return Case("single-object encoding", [0xC3, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, .. Record], "single-object encoding", "10 bytes", "valid record");
        yield return Case("a schema registry's header", [0, 0, 0, 0, 7, .. Record], "schema registry", "5 bytes");
        yield return Case("JSON text", [.. "{\"time\": 1, \"message\": \"x\"}"u8], "JSON text");
        yield return Case("two records", [.. Record, .. Record], "2 whole records");
        yield return Case("other text", [.. "1772366400,hello,7,0.5\n"u8], "readable text");
        yield return Case("a length before the record", [(byte)Record.Length, 0, 0, 0, .. Record], "whole record from byte 4 on");
        yield return Case("the last double missing", Record[..^8], "'ramp', 'square_wave', 'noise'", "lacks one", "ends inside the record");
        yield return Case("one field too many", [.. Record, 1, 2, 3], $"whole record of {Record.Length} bytes and 3 more");
    }

    [TestCaseSource(nameof(Senders))]
    public async Task A_wrong_sender_is_recognised(byte[] datagram, string[] hints)
    {
        JsonElement sample = await FirstSampleAsync(datagram);

        string[] told = [.. sample.GetProperty("hints").EnumerateArray().Select(h => h.GetString()!)];
        Assert.Multiple(() =>
        {
            foreach (string hint in hints)
                Assert.That(told, Has.Some.Contains(hint));
            Assert.That(sample.GetProperty("hex").GetString(), Is.EqualTo(Convert.ToHexStringLower(datagram)));
            Assert.That(sample.GetProperty("length").GetInt32(), Is.EqualTo(datagram.Length));
            Assert.That(sample.GetProperty("why").GetString(), Is.Not.Empty);
        });
    }

    [Test]
    public async Task A_cut_off_record_is_reported_with_field_and_offset()
    {
        JsonElement sample = await FirstSampleAsync(Record[..^12]);

        Assert.Multiple(() =>
        {
            Assert.That(sample.GetProperty("field").GetString(), Is.EqualTo("square_wave"));
            Assert.That(sample.GetProperty("offset").GetInt32(), Is.EqualTo(Record.Length - 16));
            Assert.That(sample.GetProperty("whole_records").GetInt32(), Is.Zero);
            Assert.That(sample.GetProperty("source").GetString(), Is.EqualTo("127.0.0.2:4711"));
        });
    }

    [Test]
    public async Task Two_records_in_one_datagram_are_counted()
    {
        JsonElement sample = await FirstSampleAsync([.. Record, .. Record, .. Record]);

        Assert.That(sample.GetProperty("whole_records").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public async Task The_report_names_the_channel_whose_schema_fits_the_datagram()
    {
        JsonElement sample = await FirstSampleAsync([0, 0, 0, 0, 0, 0, 0, 0, 1]);

        Assert.Multiple(() =>
        {
            Assert.That(sample.GetProperty("fits_channel").GetString(), Is.EqualTo("other"));
            Assert.That(sample.GetProperty("hints")[0].GetString(), Does.Contain("wrong port"));
        });
    }

    [Test]
    public async Task A_denied_source_may_have_sent_a_valid_record()
    {
        JsonElement group = await GroupAsync(DropReason.SourceDenied, Record);

        JsonElement sample = group.GetProperty("first")[0];
        Assert.Multiple(() =>
        {
            Assert.That(group.GetProperty("reason").GetString(), Is.EqualTo("source_denied"));
            Assert.That(sample.GetProperty("why").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(sample.GetProperty("hints").GetArrayLength(), Is.Zero);
            Assert.That(sample.GetProperty("whole_records").GetInt32(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_group_shows_source_reason_and_count()
    {
        JsonElement group = await GroupAsync(DropReason.Invalid, Record[..3]);

        Assert.Multiple(() =>
        {
            Assert.That(group.GetProperty("source").GetString(), Is.EqualTo("127.0.0.2"));
            Assert.That(group.GetProperty("reason").GetString(), Is.EqualTo("invalid: truncated"));
            Assert.That(group.GetProperty("count").GetInt64(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task The_answer_is_readable_without_formatting()
    {
        TestChannel channel = TestChannels.Active();
        channel.Rejects.Add(DropReason.Invalid, 1, 1, SourceAddress.IPv4(1, 1), "{\"time\": 1}"u8);
        await using TestServer server = await TestServer.StartAsync(channel);

        Assert.That(await server.TextAsync("/api/v1/channels/example/rejects"), Does.Contain("in Avro's binary encoding"));
    }

    [Test]
    public async Task Senders_beyond_the_last_group_are_shown_as_other()
    {
        TestChannel channel = TestChannels.Active();
        for (uint i = 0; i < 100; i++)
            channel.Rejects.Add(DropReason.Invalid, (byte)RecordFaultKind.Truncated, 1, SourceAddress.IPv4(i, 1), [1]);
        await using TestServer server = await TestServer.StartAsync(channel);

        JsonElement groups = (await server.JsonAsync("/api/v1/channels/example/rejects")).Body.GetProperty("groups");

        JsonElement last = groups[RejectLog.MaxGroups];
        Assert.Multiple(() =>
        {
            Assert.That(groups.GetArrayLength(), Is.EqualTo(RejectLog.MaxGroups + 1));
            Assert.That(last.GetProperty("source").GetString(), Is.EqualTo("other"));
            Assert.That(last.GetProperty("count").GetInt64(), Is.EqualTo(100 - RejectLog.MaxGroups));
        });
    }

    [Test]
    public async Task A_datagram_of_which_only_the_beginning_is_kept_gets_no_diagnosis()
    {
        JsonElement sample = await FirstSampleAsync(new byte[RejectLog.SampleBytes + 1]);

        Assert.Multiple(() =>
        {
            Assert.That(sample.GetProperty("why").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(sample.GetProperty("hints")[0].GetString(), Does.Contain("9,216"));
        });
    }

    private async Task<JsonElement> FirstSampleAsync(byte[] datagram) =>
        (await GroupAsync(DropReason.Invalid, datagram)).GetProperty("first")[0];

    private async Task<JsonElement> GroupAsync(DropReason reason, byte[] datagram)
    {
        TestChannel channel = TestChannels.Active();
        RecordFaultKind kind = reason == DropReason.Invalid ? RecordSchema.Load(TestChannels.ExampleSchema).Layout.Check(datagram) : RecordFaultKind.None;
        channel.Rejects.Add(reason, (byte)kind, 1_772_366_400_000_000_000, TestChannels.From("127.0.0.2", 4711), datagram);
        Channel other = TestChannels.Active(TestChannels.Options("other", 26001) with { SchemaPath = _otherSchema });
        await using TestServer server = await TestServer.StartAsync(channel, other);
        return (await server.JsonAsync("/api/v1/channels/example/rejects")).Body.GetProperty("groups")[0];
    }

    private static TestCaseData Case(string name, byte[] datagram, params string[] hints) => new TestCaseData(datagram, hints).SetArgDisplayNames(name);

    private static byte[] Good()
    {
        byte[] buffer = new byte[DemoSignal.MaxBytes];
        int length = DemoSignal.Encode(buffer, 1_772_366_400_000_000_000, 7, 0.25);
        return buffer[..length];
    }
}
