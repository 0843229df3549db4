using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Runs;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>The commands export, ls, info and check, as run from a shell.</summary>
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
    public async Task All_records_are_written_with_receive_time_and_sender()
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
    public async Task A_range_includes_its_start_and_excludes_its_end()
    {
        string[] times = [.. (await CsvAsync()).Skip(1).Select(line => line.Split(',')[3])];
        string from = times.First(time => time != times[0]), to = times[^1];
        string[] within = [.. (await CsvAsync("--from", from, "--to", to)).Skip(1).Select(line => line.Split(',')[3])];
        Assert.That(within, Is.EqualTo(times.Where(time => string.CompareOrdinal(time, from) >= 0 && string.CompareOrdinal(time, to) < 0)).And.Not.Empty);
    }

    [Test]
    public async Task A_signal_whose_name_is_taken_is_renamed_and_the_new_name_is_reported()
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
    public async Task Every_third_record_counts_across_all_files()
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
    public async Task A_part_file_is_read_up_to_its_last_complete_block()
    {
        File.Delete(Path.Combine(Folder.Path, "test", _archive.Finished));
        Put(_archive.Finished + ".part", _archive.Bytes[..^3]);
        Assert.That(await CsvAsync(), Has.Length.EqualTo(9));
    }

    [Test]
    public async Task A_damaged_block_is_left_out_and_reported()
    {
        byte[] bytes = [.. _archive.Bytes];
        bytes[_archive.File.BlockStarts[1] + 6] ^= 1;
        Put(_archive.Finished, bytes);
        Assert.That(await CsvAsync(), Has.Length.EqualTo(8));
        Assert.That(Run.Error, Does.Contain("1 damaged block was left out"));
    }

    [Test]
    public async Task An_existing_file_is_not_overwritten_and_no_other_file_is_left()
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
    public async Task Errors_name_what_is_wrong_and_what_would_be_right(string option, string value, string message)
    {
        string[] format = option == "--format" ? [] : ["--format", "csv"];
        Assert.That(await Run.RunAsync(["export", Folder.Path, option, value, .. format, "--output", "-"]), Is.AnyOf(64, 66));
        Assert.That(Run.Error, Does.Contain(message).And.Not.Contain("   at "));
    }

    [TestCase("ls")]
    [TestCase("info")]
    [TestCase("export", "--format", "csv", "--output", "-")]
    [TestCase("replay", "--send-to", "127.0.0.1:7")]
    public async Task An_unknown_argument_is_refused(string command, params string[] more)
    {
        foreach (string unknown in (string[])["--formatt", "more"])
        {
            Assert.That(await Run.RunAsync([command, Folder.Path, .. more, unknown]), Is.EqualTo(64));
            Assert.That(Run.Error, Does.Contain($"'{unknown}' is not an argument of {command}"));
        }

        Assert.That(await Run.RunAsync("tag", "ls", "--path", Folder.Path, "--labl"), Is.EqualTo(64));
    }

    [TestCase("sequence,time", "sequence")]
    [TestCase("time_ns,elapsed,received_time,source,lost_before,text", "text")]
    public async Task Columns_that_are_always_present_may_be_selected_too(string fields, string signals) =>
        Assert.That((await CsvAsync("--fields", fields))[0], Is.EqualTo($"elapsed,{signals},received_time,source,lost_before"));

    [TestCase("source")]
    [TestCase("signal.source")]
    public async Task A_renamed_signal_may_be_selected_by_either_name(string field)
    {
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema.Replace("\"n\"", "\"source\"", StringComparison.Ordinal), null).Block("null", 2, ContainerBuilder.Longs(1, 2));
        string path = Path.Combine(Folder.Path, "other.avro");
        File.WriteAllBytes(path, file.Bytes);
        Assert.That(await Run.TextAsync("export", path, "--format", "csv", "--output", "-", "--fields", field), Does.StartWith("elapsed,signal.source,received_time,source,lost_before\n"));
    }

    [TestCase("count")]
    [TestCase("channel")]
    public async Task A_signal_keeps_its_name_if_no_column_has_it(string name)
    {
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema.Replace("\"n\"", $"\"{name}\"", StringComparison.Ordinal), null).Block("null", 2, ContainerBuilder.Longs(1, 2));
        string path = Path.Combine(Folder.Path, "other.avro");
        File.WriteAllBytes(path, file.Bytes);
        Assert.That(await Run.TextAsync("export", path, "--format", "csv", "--output", "-"), Does.StartWith($"elapsed,{name},received_time"));
        Assert.That(await Run.TextAsync("export", path, "--format", "csv", "--max-points", "1", "--output", "-"), Does.StartWith($"elapsed,{name}_min,{name}_max,{name}_mean,received_time,count\n"));
    }

    [Test]
    public async Task A_run_contains_all_its_received_records_even_with_the_devices_clock()
    {
        Pristine timed = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5, 4);
        Directory.Delete(Path.Combine(Folder.Path, "test"), recursive: true);
        Put(timed.Finished, timed.Bytes);
        Put(timed.IndexName, timed.Index);
        Assert.Multiple(async () =>
        {
            Assert.That(await CsvAsync("--run", "last", "--clock", "device"), Has.Length.EqualTo(13));
            Assert.That(await CsvAsync("--run", "last", "--clock", "device", "--from", "3"), Has.Length.EqualTo(10), "the time field counts in nanoseconds from 1970 on");
            Assert.That(await CsvAsync("--run", "last", "--clock", "device", "--from", "2", "--to", "4"), Has.Length.EqualTo(3));
            Assert.That(Run.Error, Does.Contain("by device time, of what was received from 2026-01-02T03:04:05"));
        });
    }

    [Test]
    public async Task An_export_says_if_its_range_is_in_device_time()
    {
        Pristine timed = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5, 4);
        Directory.Delete(Path.Combine(Folder.Path, "test"), recursive: true);
        Put(timed.Finished, timed.Bytes);
        Assert.That(await CsvAsync("--from", "3"), Has.Length.EqualTo(10));
        Assert.That(Run.Error, Does.Contain("to the end, by device time\n").And.Contain("no receive times"));
    }

    [Test]
    public async Task A_run_whose_pause_is_over_is_closed_although_its_file_is_open()
    {
        File.Move(Path.Combine(Folder.Path, "test", _archive.Finished), Path.Combine(Folder.Path, "test", _archive.Finished + ".part"));
        Assert.That(await Run.RunAsync("ls", Folder.Path, "--json"), Is.Zero);
        Assert.That(JsonElement.Parse(Run.Output).GetProperty("runs")[0].GetProperty("open").GetBoolean(), Is.False);
        RecordedRun run = RecordedRun.Find(ArchiveCatalogue.Find(Folder.Path), _ => null, CancellationToken.None).Single();
        Assert.That((run.IsOpenAt(run.ToNs), run.IsOpenAt(run.EndsNs), run.IsOpenAt(run.EndsNs + 1)), Is.EqualTo((true, true, false)));
        Assert.That(run.EndsNs - run.ToNs, Is.EqualTo(5_000_000_000));
    }

    [Test]
    public async Task Ls_shows_runs_in_json()
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
    public async Task A_run_ends_at_a_pause_longer_than_requested(string pause, int runs)
    {
        Assert.That(await Run.RunAsync("ls", Folder.Path, "--json", "--pause", pause), Is.Zero, Run.Error);
        Assert.That(JsonElement.Parse(Run.Output).GetProperty("runs").GetArrayLength(), Is.EqualTo(runs));
    }

    [TestCase("""{ "Name": "test", "Runs": { "Pause": "1 us" } }""", "{}", 3)]
    [TestCase("""{ "Name": "test" }""", """{ "Runs": { "Pause": "1 us" } }""", 3)]
    [TestCase("""{ "Name": "test", "Runs": { "Pause": "none" } }""", """{ "Runs": { "Pause": "1 us" } }""", 1)]
    public async Task A_run_ends_at_a_pause_longer_than_configured(string channel, string defaults, int runs)
    {
        string config = Path.Combine(Folder.Path, "config.json");
        File.WriteAllText(config, $$"""{ "SpeedData": { "Storage": { "AvroPath": "{{Folder.Path}}" }, "Defaults": {{defaults}}, "Channels": [{{channel}}] } }""");
        Assert.That(await Run.RunAsync("ls", "--config", config, "--json"), Is.Zero, Run.Error);
        Assert.That(JsonElement.Parse(Run.Output).GetProperty("runs").GetArrayLength(), Is.EqualTo(runs));
    }

    [TestCase("""{ "Port": 26000, "Schema": "s.avsc", "Runs": { "Pause": "2 h" } }""", "{}", "other", 2)]
    [TestCase("""{ "Port": 26000, "Schema": "s.avsc" }""", """{ "Runs": { "Pause": "2 h" } }""", "other", 2)]
    [TestCase("""{ "Port": 26000, "Schema": "s.avsc", "Runs": { "Pause": "2 h" } }""", "{}", DayRecording.Channel, 3)]
    [TestCase("""{ "Port": """, "{}", "other", 3)]
    public async Task A_run_ends_at_a_pause_longer_than_registered(string registered, string defaults, string channel, int runs)
    {
        DayRecording.WriteHour(Folder.Path, 0, blocks: 2);
        DayRecording.WriteHour(Folder.Path, 1, blocks: 2);
        string config = Path.Combine(Folder.Path, "config.json");
        File.WriteAllText(config, $$"""{ "SpeedData": { "Storage": { "AvroPath": "{{Folder.Path}}" }, "Defaults": {{defaults}}, "Channels": [{ "Name": "{{channel}}", "Runs": { "Pause": "none" } }] } }""");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Folder.Path, ".channels")).FullName, DayRecording.Channel + ".json"), registered);
        Assert.That(await Run.RunAsync("ls", "--config", config, "--json"), Is.Zero, Run.Error);
        Assert.That(JsonElement.Parse(Run.Output).GetProperty("runs").GetArrayLength(), Is.EqualTo(runs), Run.Output);
    }

    [Test]
    public async Task Info_names_signals_and_codec()
    {
        Assert.That(await Run.RunAsync("info", Folder.Path), Is.Zero);
        Assert.That(Run.Output, Does.Contain("12 records, codec null").And.Contain("sequence  long").And.Contain("text  string"));
    }

    [Test]
    public async Task Info_names_the_items_of_arrays_and_the_branches_of_unions_and_has_the_schema()
    {
        const string Schema = """{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":["null","double"]}},{"name":"m","type":{"type":"map","values":"int"}},{"name":"u","type":["null","int","string"]},{"name":"n","type":"null"}]}""";
        string path = Path.Combine(Folder.Path, "other.avro");
        File.WriteAllBytes(path, ContainerBuilder.Of(Schema, null).Bytes);
        Assert.That(await Run.RunAsync("info", path), Is.Zero, Run.Error);
        Assert.That(Run.Output, Does.Contain("a  array of double\n").And.Contain("m  map of int\n").And.Contain("u  int or string or null\n").And.Contain("n  null\n"));
        using var json = new CommandRun();
        Assert.That(await json.RunAsync("info", path, "--json"), Is.Zero);
        JsonElement schema = JsonElement.Parse(json.Output).GetProperty("channels")[0].GetProperty("schemas")[0].GetProperty("schema");
        Assert.That(JsonElement.DeepEquals(schema, JsonElement.Parse(Schema)), Is.True);
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
