using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>export, ls, info and check as they are run from a shell.</summary>
public sealed class ExportCommandTests : CommandFixture
{
    private Pristine _archive = null!;

    [SetUp]
    public void Begin()
    {
        _archive = RecoveryBench.Timeless(3, 5, 4);
        Put(_archive.Finished, _archive.Bytes);
        Put(_archive.IndexName, _archive.Index);
    }

    [Test]
    public async Task All_records_are_written_with_when_and_whence_they_came()
    {
        string[] lines = await CsvAsync();
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Is.EqualTo("elapsed,sequence,text,received_time,source,lost_before"));
            Assert.That(lines, Has.Length.EqualTo(13));
            Assert.That(lines.Skip(1).Select(line => line.Split(',')[1]), Is.EqualTo(Enumerable.Range(0, 12).Select(i => $"{i}")));
            Assert.That(lines[1], Does.Match(@"^0,0,[^,]*,2026-01-02T03:04:05\.\d{9}Z,\d+\.\d+\.\d+\.\d+:\d+,0$"));
        });
    }

    [Test]
    public async Task A_range_takes_from_and_leaves_to()
    {
        string[] times = [.. (await CsvAsync()).Skip(1).Select(line => line.Split(',')[3])];
        string from = times.First(time => time != times[0]), to = times[^1];
        string[] within = [.. (await CsvAsync("--from", from, "--to", to)).Skip(1).Select(line => line.Split(',')[3])];
        Assert.That(within, Is.EqualTo(times.Where(time => string.CompareOrdinal(time, from) >= 0 && string.CompareOrdinal(time, to) < 0)).And.Not.Empty);
    }

    [Test]
    public async Task A_signal_whose_name_is_taken_is_renamed_and_that_is_told()
    {
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema.Replace("\"n\"", "\"source\"", StringComparison.Ordinal), null).Block("null", 2, ContainerBuilder.Longs(1, 2));
        string path = Path.Combine(Folder.Path, "other.avro");
        File.WriteAllBytes(path, file.Bytes);
        string csv = await Run.TextAsync("export", path, "--format", "csv", "--output", "-");
        Assert.That(csv, Does.StartWith("elapsed,signal.source,received_time,source,lost_before"));
        Assert.That(Run.Error, Does.Contain("signal 'source' is written as 'signal.source'"));
    }

    [Test]
    public async Task An_empty_range_has_a_header_and_no_rows() =>
        Assert.That(await CsvAsync("--from", "1990-01-01T00:00:00Z", "--to", "1990-01-02T00:00:00Z"), Is.EqualTo(new[] { "elapsed,sequence,text,received_time,source,lost_before" }));

    [Test]
    public async Task Every_third_record_is_each_third_of_all()
    {
        string[] all = [.. (await CsvAsync("--fields", "sequence")).Skip(1)];
        string[] third = [.. (await CsvAsync("--fields", "seq*", "--every", "3")).Skip(1)];
        Assert.That(third.Select(line => line.Split(',')[1]), Is.EqualTo(all.Where((_, i) => i % 3 == 0).Select(line => line.Split(',')[1])));
    }

    [Test]
    public async Task Points_keep_minimum_maximum_mean_and_count()
    {
        string[] lines = await CsvAsync("--max-points", "1");
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Is.EqualTo("elapsed,sequence_min,sequence_max,sequence_mean,received_time,count"));
            Assert.That(lines[1].Split(',')[1..4], Is.EqualTo(new[] { "0", "11", "5.5" }));
            Assert.That(lines[1], Does.EndWith(",12"));
        });
    }

    [Test]
    public async Task Aligned_rows_hold_the_last_value_at_each_moment()
    {
        string[] all = [.. (await CsvAsync()).Skip(1)];
        string[] rows = [.. (await CsvAsync("--align", "100us")).Skip(1)];
        Assert.That(rows, Is.Not.Empty);
        foreach (string row in rows.Select((row, i) => row).Where(row => row.Split(',')[3].Length > 0))
        {
            string expected = all.Last(line => string.CompareOrdinal(line.Split(',')[3], row.Split(',')[0]) <= 0).Split(',')[1];
            Assert.That(row.Split(',')[3], Is.EqualTo(expected), row);
        }
    }

    [Test]
    public async Task A_part_file_is_read_up_to_its_last_whole_block()
    {
        File.Delete(Path.Combine(Folder.Path, "test", _archive.Finished));
        Put(_archive.Finished + ".part", _archive.Bytes[..^3]);
        Assert.That(await CsvAsync(), Has.Length.EqualTo(9));
    }

    [Test]
    public async Task A_damaged_block_is_left_out_and_told()
    {
        byte[] bytes = [.. _archive.Bytes];
        bytes[_archive.File.BlockStarts[1] + 6] ^= 1;
        Put(_archive.Finished, bytes);
        Assert.That(await CsvAsync(), Has.Length.EqualTo(8));
        Assert.That(Run.Error, Does.Contain("1 damaged block was left out"));
    }

    [Test]
    public async Task A_file_that_is_there_is_not_overwritten_and_nothing_else_is_left()
    {
        string path = Path.Combine(Folder.Path, "out.csv");
        File.WriteAllText(path, "mine");
        Assert.That(await Run.RunAsync("export", Folder.Path, "--channel", "test", "--output", path), Is.EqualTo(73));
        Assert.That(Run.Error, Does.Contain("--force"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("mine"));
        Assert.That(await Run.RunAsync("export", Folder.Path, "--channel", "test", "--force", "--output", path), Is.Zero);
        Assert.That(Directory.GetFiles(Folder.Path), Is.EqualTo(new[] { path }));
    }

    [TestCase("--channel", "other", "--channel other: there are test")]
    [TestCase("--fields", "speed", "no signal is called 'speed'; there are sequence, text")]
    [TestCase("--from", "yesterday", "--from yesterday: ")]
    [TestCase("--format", "xls", "--format xls: csv, jsonl, json, parquet, arrow, hdf5, mcap or avro is right")]
    public async Task What_is_wrong_is_named_with_what_would_be_right(string option, string value, string message)
    {
        string[] format = option == "--format" ? [] : ["--format", "csv"];
        Assert.That(await Run.RunAsync(["export", Folder.Path, option, value, .. format, "--output", "-"]), Is.AnyOf(64, 66));
        Assert.That(Run.Error, Does.Contain(message).And.Not.Contain("   at "));
    }

    [Test]
    public async Task Ls_tells_the_run_in_json()
    {
        Assert.That(await Run.RunAsync("ls", Folder.Path, "--json"), Is.Zero);
        JsonElement run = JsonElement.Parse(Run.Output).GetProperty("runs")[0];
        Assert.Multiple(() =>
        {
            Assert.That(run.GetProperty("id").GetString(), Is.EqualTo("20260102T030405Z"));
            Assert.That(run.GetProperty("records").GetInt64(), Is.EqualTo(12));
            Assert.That(run.GetProperty("open").GetBoolean(), Is.False);
            Assert.That(run.GetProperty("channels")[0].GetProperty("channel").GetString(), Is.EqualTo("test"));
            Assert.That(run.GetProperty("channels")[0].GetProperty("files")[0].GetString(), Is.EqualTo(_archive.Finished));
        });
    }

    [TestCase("1h", 1)]
    [TestCase("1us", 3)]
    [TestCase("1h,test=1us", 3)]
    [TestCase("other=1us", 1)]
    public async Task A_run_ends_where_the_pause_is_longer_than_is_asked_for(string pause, int runs)
    {
        Assert.That(await Run.RunAsync("ls", Folder.Path, "--json", "--pause", pause), Is.Zero, Run.Error);
        Assert.That(JsonElement.Parse(Run.Output).GetProperty("runs").GetArrayLength(), Is.EqualTo(runs));
    }

    [TestCase("""{ "Name": "test", "Runs": { "Pause": "1 us" } }""", "{}", 3)]
    [TestCase("""{ "Name": "test" }""", """{ "Runs": { "Pause": "1 us" } }""", 3)]
    [TestCase("""{ "Name": "test", "Runs": { "Pause": "none" } }""", """{ "Runs": { "Pause": "1 us" } }""", 1)]
    public async Task A_run_ends_where_the_pause_is_longer_than_is_configured(string channel, string defaults, int runs)
    {
        string config = Path.Combine(Folder.Path, "config.json");
        File.WriteAllText(config, $$"""{ "SpeedData": { "Storage": { "AvroPath": "{{Folder.Path}}" }, "Defaults": {{defaults}}, "Channels": [{{channel}}] } }""");
        Assert.That(await Run.RunAsync("ls", "--config", config, "--json"), Is.Zero, Run.Error);
        Assert.That(JsonElement.Parse(Run.Output).GetProperty("runs").GetArrayLength(), Is.EqualTo(runs));
    }

    [Test]
    public async Task Info_names_signals_and_codec()
    {
        Assert.That(await Run.RunAsync("info", Folder.Path), Is.Zero);
        Assert.That(Run.Output, Does.Contain("12 records, codec null").And.Contain("sequence  long").And.Contain("text  string"));
    }

    private async Task<string[]> CsvAsync(params string[] more) =>
        (await Run.TextAsync(["export", Folder.Path, "--channel", "test", "--format", "csv", "--output", "-", .. more])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void Put(string name, byte[] bytes)
    {
        string folder = Path.Combine(Folder.Path, "test");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }
}
