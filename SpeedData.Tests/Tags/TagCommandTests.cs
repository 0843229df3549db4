using System.Text.Json;
using SpeedData.Tests.Reading;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Tags;

/// <summary>The commands tag and retention and the option --tag, as run from a shell.</summary>
public sealed class TagCommandTests : CommandFixture
{
    private string _root = "";

    [SetUp]
    public void Record()
    {
        _root = Path.Combine(Folder.Path, "data");
        using var bench = new TagBench(new SpeedData.Core.Configuration.ArchiveOptions { RotateEvery = TimeSpan.FromSeconds(5) });
        bench.Pass(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        bench.Finish();
        Directory.CreateDirectory(Path.Combine(_root, TagBench.Channel));
        foreach (string file in Directory.EnumerateFiles(bench.Folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(_root, TagBench.Channel, Path.GetFileName(file)));
    }

    [Test]
    public async Task A_tag_is_added_shown_exported_edited_and_removed()
    {
        await DoAsync("tag", "add", "climb", "--from", "2026-01-02T03:04:10Z", "--to", "2026-01-02T03:04:20Z", "--label", "pilot=ann", "--note", "first try", "--path", _root);
        await DoAsync("tag", "mark", "flaps out", "--at", "2026-01-02T03:04:15Z", "--tag", "climb", "--path", _root);
        JsonElement tag = (await JsonAsync("tag", "ls", "--label", "pilot=ann", "--json", "--path", _root)).GetProperty("tags")[0];
        string csv = await Run.TextAsync("export", _root, "--tag", "climb", "--from", "+5s", "--fields", "sequence", "--format", "csv", "--output", "-");
        JsonElement runs = await JsonAsync("ls", _root, "--json");

        Assert.Multiple(() =>
        {
            Assert.That(tag.GetProperty("name").GetString(), Is.EqualTo("climb"));
            Assert.That(tag.GetProperty("from").GetString(), Is.EqualTo("2026-01-02T03:04:10.000000000Z"));
            Assert.That(tag.GetProperty("marks")[0].GetProperty("text").GetString(), Is.EqualTo("flaps out"));
            Assert.That(tag.GetProperty("files").GetInt32(), Is.InRange(2, 5));
            Assert.That(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1 + 5));
            Assert.That(runs.GetProperty("runs")[0].GetProperty("tags")[0].GetString(), Is.EqualTo("climb"));
        });

        await DoAsync("tag", "edit", "climb", "--label", "pilot=", "--label", "day=2", "--to", "+15s", "--path", _root);
        Directory.Delete(Path.Combine(_root, TagBench.Channel), recursive: true);
        Assert.That(await Run.RunAsync("tag", "rm", "climb", "--path", _root), Is.EqualTo(77));
        string kept = await Run.TextAsync("export", _root, "--tag", "climb", "--fields", "sequence", "--format", "csv", "--output", "-");
        Assert.That(kept.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1 + 15), "the tag has the data although the channel's folder is gone");
        await DoAsync("tag", "rm", "climb", "--delete-data", "--path", _root);
        Assert.That(Directory.EnumerateFiles(_root, "*.avro", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task A_tag_is_started_marked_and_stopped_without_a_server()
    {
        await DoAsync("tag", "start", "now-1", "--before", "30s", "--channel", "engine", "--path", _root);
        await DoAsync("tag", "mark", "hello", "--path", _root);
        await DoAsync("tag", "stop", "--path", _root);
        JsonElement tag = (await JsonAsync("tag", "ls", "--json", "--path", _root)).GetProperty("tags")[0];
        Assert.That((tag.GetProperty("open").GetBoolean(), tag.GetProperty("marks").GetArrayLength()), Is.EqualTo((false, 1)));
        Assert.That(await Run.RunAsync("tag", "stop", "--path", _root), Is.EqualTo(77));
        Assert.That(await Run.RunAsync("tag", "start", "now-1", "--path", _root), Is.EqualTo(77));
        Assert.That(await Run.RunAsync("tag", "start", "../x", "--path", _root), Is.EqualTo(64));
        Assert.That(await Run.RunAsync("tag", "rm", "other", "--path", _root), Is.EqualTo(66));
    }

    [Test]
    public async Task The_command_retention_shows_what_would_be_deleted_and_deletes_nothing()
    {
        await DoAsync("tag", "add", "climb", "--from", "2026-01-02T03:04:06Z", "--to", "2026-01-02T03:04:07Z", "--path", _root);
        Folder.Write("engine.avsc", TagBench.Schema);
        string config = Folder.Write("speeddata.json", """{ "SpeedData": { "Storage": { "AvroPath": "data" }, "Channels": [ { "Name": "engine", "Port": 26000, "Schema": "engine.avsc", "Archive": { "RotateBytes": "4 KiB", "BlockBytes": "4 KiB", "RetainBytes": "4 KiB", "MinFreeBytes": "none" } } ] } }""");
        string[] before = [.. Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        JsonElement answer = await JsonAsync("retention", "--dry-run", "--config", config, "--json");

        JsonElement first = answer.GetProperty("deletions")[0];
        Assert.Multiple(() =>
        {
            Assert.That(first.GetProperty("why").GetString(), Is.EqualTo("over Archive:RetainBytes"));
            Assert.That(first.GetProperty("tags")[0].GetString(), Is.EqualTo("climb"));
            Assert.That(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task The_command_retention_knows_registered_channels_and_changes_none_of_their_files()
    {
        Folder.Write("engine.avsc", TagBench.Schema);
        string config = Folder.Write("speeddata.json", """{ "SpeedData": { "Storage": { "AvroPath": "data" }, "Channels": [] } }""");
        string channels = Directory.CreateDirectory(Path.Combine(_root, ".channels")).FullName;
        string beingWritten = Path.Combine(channels, ".pump.json.unfinished");
        File.WriteAllText(beingWritten, "{");
        File.WriteAllText(Path.Combine(channels, "wrong.json"), "{ }");
        File.WriteAllText(Path.Combine(channels, "engine.json"), """{ "Port": 26000, "Schema": "../../engine.avsc", "Receive": { "BufferBytes": "64 KiB" }, "Archive": { "RotateBytes": "4 KiB", "BlockBytes": "4 KiB", "RetainBytes": "4 KiB", "MinFreeBytes": "none" } }""");
        await DoAsync("retention", "--dry-run", "--config", config, "--json");
        using JsonDocument document = JsonDocument.Parse(Run.Output);
        JsonElement answer = document.RootElement;

        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("channels")[0].GetProperty("channel").GetString(), Is.EqualTo("engine"));
            Assert.That(answer.GetProperty("deletions").GetArrayLength(), Is.GreaterThan(0));
            Assert.That(Run.Error, Does.Contain("without wrong").And.Contain("Port"));
            Assert.That(File.Exists(beingWritten), Is.True);
        });
    }

    [TestCase("h5", "import sys,h5py;f=h5py.File(sys.argv[1]);a=f.attrs;print(a['speeddata.tag'],a['speeddata.label.pilot'],a['speeddata.marks'])")]
    [TestCase("mcap", "import sys;d=open(sys.argv[1],'rb').read();print(d[d.index(b'speeddata.tag'):][:900].decode('utf8','replace'))")]
    public async Task Labels_and_marks_are_in_the_metadata(string extension, string script)
    {
        await DoAsync("tag", "add", "climb", "--from", "2026-01-02T03:04:10Z", "--to", "2026-01-02T03:04:20Z", "--label", "pilot=ann", "--path", _root);
        await DoAsync("tag", "mark", "flaps out", "--at", "2026-01-02T03:04:15Z", "--tag", "climb", "--path", _root);
        string output = Path.Combine(Folder.Path, "out." + extension);
        await DoAsync("export", _root, "--tag", "climb", "--output", output);
        string seen = Python(script, output);
        Assert.That(seen, Does.Contain("climb").And.Contain("ann").And.Contain("flaps out"));
    }

    [Test]
    public async Task Parquet_and_arrow_contain_labels_and_marks_too()
    {
        await DoAsync("tag", "add", "climb", "--from", "2026-01-02T03:04:10Z", "--to", "2026-01-02T03:04:20Z", "--label", "pilot=ann", "--path", _root);
        string parquet = Path.Combine(Folder.Path, "out.parquet"), arrow = Path.Combine(Folder.Path, "out.arrow");
        await DoAsync("export", _root, "--tag", "climb", "--output", parquet);
        await DoAsync("export", _root, "--channel", "engine", "--output", arrow);
        await using FileStream file = File.OpenRead(parquet);
        await using Parquet.ParquetReader reader = await Parquet.ParquetReader.CreateAsync(file);
        using var arrows = new Apache.Arrow.Ipc.ArrowFileReader(File.OpenRead(arrow));
        await arrows.ReadNextRecordBatchAsync();
        Assert.Multiple(() =>
        {
            Assert.That(reader.CustomMetadata["speeddata.label.pilot"], Is.EqualTo("ann"));
            Assert.That(arrows.Schema.Metadata["speeddata.tag"], Is.EqualTo("climb"), "the tag overlaps the range");
        });
    }

    private static string Python(string script, string path)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/python3", ["-c", script, path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (error.Contains("ModuleNotFoundError", StringComparison.Ordinal))
            Assert.Ignore(error);
        Assert.That(process.ExitCode, Is.Zero, error);
        return output;
    }

    private async Task DoAsync(params string[] args) => Assert.That(await Run.RunAsync(args), Is.Zero, Run.Error);

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        using var run = new CommandRun();
        Assert.That(await run.RunAsync(args), Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }
}
