using System.Globalization;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>MCAP files, as the reference implementation reads them.</summary>
public sealed class McapExportTests : CommandFixture
{
    private const long SecondNs = 1_000_000_000, BeginNs = 1_700_000_000 * SecondNs;

    [SetUp]
    public void Begin() => OtherReader.Mcap.Demand();

    [Test]
    public async Task Messages_hold_the_rows_of_any_schema([Range(600, 615)] int seed)
    {
        ForeignFile file = ForeignFile.Write(Folder.Path, new Random(seed));
        List<JsonElement> messages = OtherReader.Mcap.Read(await ExportAsync("all.mcap", file.Path));
        string lines = await Run.TextAsync("export", file.Path, "--format", "jsonl", "--output", "-");
        Assert.That(messages.Select(message => message.GetProperty("text").GetString()), Is.EqualTo(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)), file.Schema);
        Assert.That(messages.Select(message => message.GetProperty("sequence").GetInt32()), Is.EqualTo(Enumerable.Range(0, messages.Count)));
    }

    [Test]
    public async Task Channels_are_topics_in_the_order_of_receipt()
    {
        Pristine archive = RecoveryBench.Timeless(3, 5, 4);
        foreach (string channel in (string[])["one", "two"])
        {
            string folder = Directory.CreateDirectory(Path.Combine(Folder.Path, channel)).FullName;
            File.WriteAllBytes(Path.Combine(folder, archive.Finished), archive.Bytes);
            File.WriteAllBytes(Path.Combine(folder, archive.IndexName), archive.Index);
        }

        List<JsonElement> messages = OtherReader.Mcap.Read(await ExportAsync("all.mcap", Folder.Path, "--channel", "one,two"));
        Assert.That(messages, Has.Count.EqualTo(24));
        Assert.That(messages.Select(Log), Is.Ordered);
        Assert.That(messages.Take(3).Select(message => message.GetProperty("topic").GetString()), Is.All.EqualTo("/one"));
        Assert.That(messages.Skip(3).Take(3).Select(message => message.GetProperty("topic").GetString()), Is.All.EqualTo("/two"));
        foreach (JsonElement message in messages)
        {
            JsonElement row = JsonElement.Parse(message.GetProperty("text").GetString()!);
            string received = row.GetProperty("received_time").GetString()!;
            long ns = ((DateTime.Parse(received[..19] + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks * 100) + long.Parse(received[20..29], CultureInfo.InvariantCulture);
            Assert.That(Log(message), Is.EqualTo(ns));
        }
    }

    [Test]
    public async Task Reading_a_minute_of_an_hour_reads_only_the_chunks_of_that_minute()
    {
        const int PerSecond = 50, Seconds = 3600;
        var file = ContainerBuilder.Of(Support.Records.Schema, "null");
        foreach (int[] block in Enumerable.Range(0, PerSecond * Seconds).Chunk(5000))
            file.Block("null", block.Length, block.SelectMany(i => Support.Records.Encode(i, BeginNs + (i * SecondNs / PerSecond))).ToArray());
        string path = Path.Combine(Folder.Path, "hour.avro");
        File.WriteAllBytes(path, file.Bytes);
        (long from, long to) = (BeginNs + (1800 * SecondNs), BeginNs + (1860 * SecondNs) - 1);
        List<JsonElement> read = OtherReader.McapIndexed.Read(await ExportAsync(string.Create(CultureInfo.InvariantCulture, $"{from}-{to}.mcap"), path));
        JsonElement told = read[^1];
        long size = told.GetProperty("size").GetInt64();
        Assert.Multiple(() =>
        {
            Assert.That(read.SkipLast(1).Select(message => JsonElement.Parse(message.GetProperty("text").GetString()!).GetProperty("counter").GetInt32()), Is.EqualTo(Enumerable.Range(1800 * PerSecond, 60 * PerSecond)));
            Assert.That(read.SkipLast(1).Select(message => message.GetProperty("publish").GetString()), Is.EqualTo(read.SkipLast(1).Select(message => message.GetProperty("log").GetString())));
            Assert.That(told.GetProperty("messages").GetString(), Is.EqualTo($"{PerSecond * Seconds}"));
            Assert.That(told.GetProperty("schemas")[0].GetString(), Is.EqualTo("jsonschema"));
            Assert.That(told.GetProperty("read").GetInt64(), Is.LessThan(size / 10), $"of {size} bytes");
        });
    }

    [Test]
    public async Task An_empty_range_is_a_file_without_messages()
    {
        Pristine archive = RecoveryBench.Timeless(3);
        string folder = Directory.CreateDirectory(Path.Combine(Folder.Path, "one")).FullName;
        File.WriteAllBytes(Path.Combine(folder, archive.Finished), archive.Bytes);
        File.WriteAllBytes(Path.Combine(folder, archive.IndexName), archive.Index);
        Assert.That(OtherReader.Mcap.Read(await ExportAsync("none.mcap", Folder.Path, "--to", "1990-01-01T00:00:00Z")), Is.Empty);
    }

    private static long Log(JsonElement message) => long.Parse(message.GetProperty("log").GetString()!, CultureInfo.InvariantCulture);

    private async Task<string> ExportAsync(string name, params string[] arguments)
    {
        string path = Path.Combine(Folder.Path, name);
        Assert.That(await Run.RunAsync(["export", .. arguments, "--output", path]), Is.Zero, Run.Error);
        return path;
    }
}
