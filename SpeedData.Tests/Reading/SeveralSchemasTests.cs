using System.Text.Json;
using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Recordings of a channel with several schemas, as the commands show them.</summary>
[Platform("Linux")]
public sealed class SeveralSchemasTests : CommandFixture
{
    private const int Each = 200;
    private const string NewSchema = """{"type":"record","name":"sample","fields":[{"name":"time","type":"long"},{"name":"counter","type":"int"},{"name":"value","type":"double"},{"name":"level","type":"double"}]}""";

    private Fleet _fleet = null!;
    private string _channel = null!;

    [SetUp]
    public void Record()
    {
        _fleet = new Fleet();
        string path = _fleet.SchemaPath + ".new.avsc";
        File.WriteAllText(path, NewSchema);
        ChannelOptions options = _fleet.Options("alpha");
        options = options with { SchemaPath = path, OtherSchemas = [options.SchemaPath], Archive = options.Archive with { BlockBytes = 4096, RotateBytes = 8192, FlushEvery = TimeSpan.FromMilliseconds(5) } };
        Channel channel = _fleet.Supervisor.Add(options);
        for (int i = 0; i < Each; i++)
        {
            _fleet.Send(options, [.. Records.Encode(i), .. new byte[8]]);
            _fleet.Send(options, Records.Encode(i));
            // The files of the two schemas end at different times.
            if (i % 2 == 0)
                _fleet.Send(options, [1]);
            Fleet.Settled(channel, (2 * i) + 2 + (i / 2) + 1);
        }

        Eventually.True(() => channel.Counters.Rejects.Kept == Each / 2, "refused datagrams are kept");
        _fleet.Stop();
        _channel = Path.Combine(_fleet.AvroPath, "alpha");
    }

    [TearDown]
    public void Forget() => _fleet.Dispose();

    [Test]
    public async Task Verify_follows_the_counter_of_each_schema_and_finds_nothing()
    {
        JsonElement[] files = [.. (await JsonAsync("verify", _channel, "--counter", "counter", "--json")).GetProperty("files").EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(files, Has.Length.GreaterThan(2));
            Assert.That(files.Sum(file => file.GetProperty("records").GetInt64()), Is.EqualTo(2 * Each));
            Assert.That(files.Select(file => file.GetProperty("clean").GetBoolean()), Is.All.True);
            Assert.That(files.Select(file => file.GetProperty("path").GetString()), Has.None.Contains("rejected"));
        });
    }

    [Test]
    public async Task Two_schemas_are_one_run_without_a_restart()
    {
        JsonElement[] runs = [.. (await JsonAsync("ls", _fleet.AvroPath, "--json")).GetProperty("runs").EnumerateArray()];
        JsonElement channel = runs.Single().GetProperty("channels").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That(channel.GetProperty("records").GetInt64(), Is.EqualTo(2 * Each));
            Assert.That(channel.ToString(), Does.Not.Contain("restart"));
        });
    }

    [Test]
    public async Task An_export_has_the_columns_of_both_schemas_and_its_rows_in_the_order_of_arrival()
    {
        string[] rows = [.. (await Run.TextAsync("export", _channel, "--format", "csv", "--output", "-")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        string[] names = rows[0].Split(',');
        int counter = Array.IndexOf(names, "counter"), level = Array.IndexOf(names, "level"), received = Array.IndexOf(names, "received_time");
        string[][] cells = [.. rows.Skip(1).Select(row => row.Split(','))];
        Assert.Multiple(() =>
        {
            Assert.That(cells.Select(row => row[received]), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
            Assert.That(cells.Where(row => row[level].Length > 0).Select(row => row[counter]), Is.EqualTo(Enumerable.Range(0, Each).Select(i => $"{i}")));
            Assert.That(cells.Where(row => row[level].Length == 0).Select(row => row[counter]), Is.EqualTo(Enumerable.Range(0, Each).Select(i => $"{i}")));
        });
    }

    [Test]
    public async Task Rescue_reports_what_it_left_out_and_ends_with_3()
    {
        string schema = Path.Combine(Folder.Path, "byte.avsc"), wrong = Path.Combine(Folder.Path, "wrong.avsc"), output = Path.Combine(Folder.Path, "out");
        File.WriteAllText(schema, """{"type":"record","name":"one","fields":[{"name":"flag","type":"boolean"}]}""");
        File.WriteAllText(wrong, Records.Schema);
        JsonElement rescued = await JsonAsync("rescue", _channel, "--schema", schema, "--output", output, "--json");
        int left = await Run.RunAsync("rescue", _channel, "--schema", wrong, "--output", output);
        int archive = await Run.RunAsync("rescue", Directory.GetFiles(_channel, "*Z.avro")[0], "--schema", schema, "--output", output);
        Assert.Multiple(() =>
        {
            Assert.That(rescued.GetProperty("rescued").GetInt64(), Is.EqualTo(Each / 2));
            Assert.That(rescued.GetProperty("written").GetArrayLength(), Is.EqualTo(1));
            Assert.That(left, Is.EqualTo(3));
            Assert.That(archive, Is.EqualTo(66));
            Assert.That(Directory.GetFiles(Path.Combine(output, "alpha"), $"*{FileSuffix.Archive}"), Has.Length.EqualTo(1));
        });
    }

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        Assert.That(await Run.RunAsync(args), Is.Zero, Run.Error);
        return JsonElement.Parse(Run.Output);
    }
}
