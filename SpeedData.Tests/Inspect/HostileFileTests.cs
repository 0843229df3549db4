using System.Text;
using SpeedData.Core.Container;
using SpeedData.Core.Inspect;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Inspect;

/// <summary>Files made to harm whoever reads them: each is reported quickly and in bounded memory.</summary>
public sealed class HostileFileTests
{
    private static readonly byte[] Some = ContainerBuilder.Longs(1, 2, 3);

    [TestCase("deflate")]
    [TestCase("zstandard")]
    [TestCase("snappy")]
    public void A_bomb_is_reported_and_the_blocks_after_it_are_verified(string codec)
    {
        FileReport report = Verify(ContainerBuilder.Of(ContainerBuilder.LongSchema, codec).Frame(3, Bomb.Of(codec)).Block(codec, 3, Some));
        Assert.That((report.Findings.Counts.Keys.Single(), report.Records), Is.EqualTo((FindingKind.TooLarge, 3)));
    }

    [Test]
    public void A_million_empty_records_take_no_time() => Assert.Multiple(() =>
    {
        FileReport report = Verify(ContainerBuilder.Of("""{"type":"record","name":"none","fields":[]}""", "null").Frame(long.MaxValue, []).Frame(long.MaxValue, []));
        Assert.That((report.Findings.Total, report.Records), Is.EqualTo((0, long.MaxValue)));
    });

    [Test]
    public void An_array_that_states_too_many_nulls_ends_immediately()
    {
        byte[] record = new ContainerBuilder().Number(long.MaxValue).Number(0).Bytes;
        FileReport report = Verify(ContainerBuilder.Of("""{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"array","items":"null"}}]}""", "null").Frame(1, record));
        Assert.That(report.Blocks + report.DamagedBlocks, Is.EqualTo(1));
    }

    [Test]
    public void A_schema_nested_as_deeply_as_a_header_allows_is_a_finding_and_no_overflow() => Assert.Multiple(() =>
    {
        foreach (int depth in (int[])[100, 1_000, 100_000, 1_000_000])
        {
            string arrays = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", depth)) + "\"int\"" + new string('}', depth);
            FileReport report = Verify(ContainerBuilder.Of(arrays, "null").Frame(3, Some));
            Assert.That(report.Findings.Counts.Keys.All(kind => kind is FindingKind.BadSchema or FindingKind.BadRecord or FindingKind.BadHeader), Is.True, $"{depth:N0}");
        }

        Assert.That(Verify(ContainerBuilder.Of(new string('[', 3_000_000), "null").Frame(3, Some)).Findings.Counts.Keys, Is.EqualTo([FindingKind.BadSchema]));
    });

    [TestCase("""{"type":"record","name":"a","fields":[{"name":"a","type":"a"}]}""")]
    [TestCase("""{"type":"fixed","name":"f","size":9223372036854775807}""")]
    [TestCase("""{"type":"fixed","name":"f","size":-1}""")]
    [TestCase("""{"type":"record","name":"r","fields":[{"name":"a","type":"no.such.type"}]}""")]
    [TestCase("[]")]
    [TestCase("")]
    [TestCase("{")]
    [TestCase("""{"type":"record","name":"r","fields":null}""")]
    [TestCase("""{"type":{"type":{"type":"record"}}}""")]
    public void An_invalid_schema_or_one_without_values_is_reported_and_framing_is_still_verified(string schema)
    {
        FileReport report = Verify(ContainerBuilder.Of(schema, "null").Frame(3, Some).Frame(1, [2]));
        Assert.That(report.Findings.Counts.Keys, Is.SubsetOf(new[] { FindingKind.BadSchema, FindingKind.BadRecord }));
        Assert.That(report.Blocks + report.DamagedBlocks, Is.EqualTo(2));
    }

    [Test]
    public void Sixty_record_types_that_each_hold_two_of_the_previous_take_no_time()
    {
        var schema = new StringBuilder("\"int\"");
        for (int i = 0; i < 60; i++)
            schema.Insert(0, $$"""{"type":"record","name":"d{{i}}","fields":[{"name":"a","type":""").Append($$"""},{"name":"b","type":{{(i == 0 ? "\"int\"" : $"\"d{i - 1}\"")}}}]}""");
        FileReport report = Verify(ContainerBuilder.Of(schema.ToString(), "null").Frame(3, Some));
        Assert.That(report.Findings.Total, Is.EqualTo(1));
    }

    [Test]
    public void A_value_nested_as_deeply_as_its_bytes_allow_causes_no_overflow()
    {
        const string list = """{"type":"record","name":"list","fields":[{"name":"next","type":["null","list"]}]}""";
        byte[] deep = [.. Enumerable.Repeat((byte)2, 5_000_000), 0];
        FileReport report = Verify(ContainerBuilder.Of(list, "null").Frame(1, deep).Frame(1, [2, 0]));
        Assert.That(report.Records, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void A_file_that_contains_only_markers_is_reported_without_listing_each()
    {
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema, "null");
        for (int i = 0; i < 100_000; i++)
            file.Raw(ContainerBuilder.Sync);
        FileReport report = Verify(file);
        Assert.That(report.Findings.Listed, Has.Count.LessThanOrEqualTo(FindingList.MostListed));
    }

    [Test]
    public void Blocks_without_their_markers_take_time_in_proportion()
    {
        // Damages every second marker only. The next marker reveals the damage.
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema, "null");
        for (int i = 0; i < 50_000; i++)
            file.Number(3).Number(Some.Length).Raw(Some).Raw(new byte[ContainerHeader.SyncLength]).Frame(3, Some);
        FileReport report = Verify(file);
        Assert.That((report.Records, report.DamagedBlocks), Is.EqualTo((150_000, 50_000)));
    }

    private static FileReport Verify(ContainerBuilder file) =>
        new FileVerifier(null, null, CancellationToken.None).Verify(new BytesSource(file.Bytes), null);
}
