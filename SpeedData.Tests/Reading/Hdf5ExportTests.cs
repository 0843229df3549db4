using System.Globalization;
using System.Text.Json;
using Avro.Generic;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>HDF5 as h5py reads it.</summary>
public sealed class Hdf5ExportTests : CommandFixture
{
    [SetUp]
    public void Begin() => OtherReader.H5py.Demand();

    [Test]
    public async Task Every_value_of_any_schema_equals_what_Apache_Avro_decodes([Range(500, 540)] int seed)
    {
        ForeignFile file = ForeignFile.Write(Folder.Path, new Random(seed));
        List<JsonElement> rows = await RowsAsync("export", file.Path, "--lossy");
        Assert.That(rows, Has.Count.EqualTo(file.Records.Count), file.Schema);
        for (int i = 0; i < rows.Count; i++)
        {
            Dictionary<string, object> expected = ExpectedCells.Of(file.Records[i]);
            foreach ((string name, object value) in expected)
                Assert.That(IsSame(rows[i].GetProperty(name), value), Is.True, $"{name} of row {i} is {rows[i].GetProperty(name)}, not {value}: {file.Schema}");
            string[] own = ["time", "time_ns", "elapsed", "received_time", "received_time_ns", "source", "lost_before"];
            foreach (JsonProperty cell in rows[i].EnumerateObject().Where(cell => !own.Contains(cell.Name) && !expected.ContainsKey(cell.Name)))
                Assert.That(cell.Value.ValueKind, Is.EqualTo(JsonValueKind.Null), $"{cell.Name} of row {i}: {file.Schema}");
        }
    }

    [Test]
    public async Task Channels_are_groups_with_times_of_receipt_and_sources()
    {
        Pristine archive = RecoveryBench.Timeless(3, 5, 4);
        foreach (string channel in (string[])["one", "two"])
            Put(channel, archive);
        List<JsonElement> rows = await RowsAsync("export", Folder.Path, "--channel", "one,two");
        string[] lines = (await Run.TextAsync("export", Folder.Path, "--channel", "one", "--format", "csv", "--output", "-")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(rows, Has.Count.EqualTo(24));
        for (int i = 0; i < 24; i++)
        {
            string[] cells = lines[(i % 12) + 1].Split(',');
            Assert.That(rows[i].GetProperty("sequence").GetInt64(), Is.EqualTo(i % 12));
            Assert.That(rows[i].GetProperty("text").GetString(), Is.EqualTo(cells[2]));
            Assert.That(rows[i].GetProperty("source").GetString(), Is.EqualTo(cells[4]));
            Assert.That(rows[i].GetProperty("received_time").GetDouble(), Is.EqualTo((DateTime.Parse(cells[3][..27] + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).TotalSeconds).Within(1e-6));
        }
    }

    [TestCase("--every", "5", 3)]
    [TestCase("--max-points", "1", 1)]
    [TestCase("--to", "1990-01-01T00:00:00Z", 0)]
    public async Task Rows_are_counted_before_they_are_written(string option, string value, int rows)
    {
        Put("one", RecoveryBench.Timeless(3, 5, 4));
        Assert.That(await RowsAsync("export", Folder.Path, option, value), Has.Count.EqualTo(rows));
    }

    [Test]
    public async Task Rows_beyond_one_chunk_are_all_written()
    {
        const int Records = 50_000;
        var file = ContainerBuilder.Of(Support.Records.Schema, "null");
        foreach (int[] block in Enumerable.Range(0, Records).Chunk(999))
            file.Block("null", block.Length, block.SelectMany(i => Support.Records.Encode(i, 1_700_000_000_000_000_000 + i)).ToArray());
        string path = Path.Combine(Folder.Path, "many.avro");
        File.WriteAllBytes(path, file.Bytes);
        List<JsonElement> rows = await RowsAsync("export", path);
        Assert.That(rows.Select(row => row.GetProperty("counter").GetInt32()), Is.EqualTo(Enumerable.Range(0, Records)));
        Assert.That(rows.Select(row => row.GetProperty("time_ns").GetInt64()), Is.EqualTo(Enumerable.Range(0, Records).Select(i => 1_700_000_000_000_000_000L + i)));
    }

    [Test]
    public async Task A_channel_without_data_in_the_range_is_an_empty_group_or_no_topic()
    {
        Put("one", RecoveryBench.Timeless(3));
        string other = Directory.CreateDirectory(Path.Combine(Folder.Path, "two")).FullName;
        File.WriteAllBytes(Path.Combine(other, "two-20200101T000000.000000Z.avro.part"), []);
        Assert.That(await RowsAsync("export", Folder.Path, "--channel", "one,two"), Has.Count.EqualTo(3));
        Assert.That(OtherReader.H5Names.Read(Path.Combine(Folder.Path, "out.h5")).Select(name => name.GetString()), Does.Contain("two"));
        OtherReader.Mcap.Demand();
        string mcap = Path.Combine(Folder.Path, "out.mcap");
        Assert.That(await Run.RunAsync("export", Folder.Path, "--channel", "one,two", "--output", mcap), Is.Zero, Run.Error);
        Assert.That(OtherReader.Mcap.Read(mcap), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_signal_of_one_channel_may_be_selected_among_several_channels()
    {
        Put("one", RecoveryBench.Timeless(3));
        ForeignFile.Write(Path.Combine(Folder.Path, "two"), new Random(1));
        Assert.That(await RowsAsync("export", Folder.Path, "--channel", "two,one", "--fields", "sequence"), Is.Not.Empty);
        Assert.That(await Run.RunAsync("export", Folder.Path, "--channel", "two,one", "--fields", "speed", "--output", Path.Combine(Folder.Path, "x.h5")), Is.EqualTo(66));
        Assert.That(Run.Error, Does.Contain("no signal is called 'speed'"));
    }

    [Test]
    public async Task Standard_output_is_refused_with_the_reason()
    {
        Put("one", RecoveryBench.Timeless(1));
        Assert.That(await Run.RunAsync("export", Folder.Path, "--format", "hdf5", "--output", "-"), Is.EqualTo(64));
        Assert.That(Run.Error, Does.Contain("--output -: hdf5"));
    }

    [Test]
    public async Task A_text_that_readers_would_truncate_is_refused()
    {
        string path = Path.Combine(Folder.Path, "nul.avro");
        File.WriteAllBytes(path, ContainerBuilder.Of("""{"type":"record","name":"r","fields":[{"name":"s","type":"string"}]}""", "null").Block("null", 1, [4, 0, 65]).Bytes);
        Assert.That(await Run.RunAsync("export", path, "--output", Path.Combine(Folder.Path, "x.h5")), Is.EqualTo(66));
        Assert.That(Run.Error, Does.Contain("a text of s that contains a NUL"));
        Assert.That(Directory.GetFiles(Folder.Path, "*.h5"), Is.Empty);
    }

    [Test]
    public async Task Values_that_do_not_fit_are_named()
    {
        string schema = """{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"array","items":"int"}},{"name":"m","type":{"type":"map","values":"int"}}]}""";
        string path = Path.Combine(Folder.Path, "map.avro");
        File.WriteAllBytes(path, ContainerBuilder.Of(schema, "null").Block("null", 1, [2, 4, 0, 0]).Bytes);
        Assert.That(await Run.RunAsync("export", path, "--output", Path.Combine(Folder.Path, "x.h5")), Is.EqualTo(66));
        Assert.That(Run.Error, Does.Contain("cannot store m (").And.Contain("--lossy"));
    }

    private void Put(string channel, Pristine archive)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder.Path, channel)).FullName;
        File.WriteAllBytes(Path.Combine(folder, archive.Finished), archive.Bytes);
        File.WriteAllBytes(Path.Combine(folder, archive.IndexName), archive.Index);
    }

    private async Task<List<JsonElement>> RowsAsync(params string[] arguments)
    {
        string path = Path.Combine(Folder.Path, "out.h5");
        Assert.That(await Run.RunAsync([.. arguments, "--output", path]), Is.Zero, Run.Error);
        return OtherReader.H5py.Read(path);
    }

    private static bool IsSame(JsonElement cell, object value) => (cell.ValueKind, value) switch
    {
        (JsonValueKind.Number, bool truth) => cell.GetInt32() == (truth ? 1 : 0),
        (JsonValueKind.Array, byte[] bytes) => cell.EnumerateArray().Select(item => item.GetByte()).SequenceEqual(bytes),
        (JsonValueKind.Array, GenericFixed bytes) => IsSame(cell, bytes.Value),
        (JsonValueKind.Array, Array items) => cell.GetArrayLength() == items.Length && cell.EnumerateArray().Zip(items.Cast<object>()).All(pair => IsSame(pair.First, pair.Second)),
        // For readers of HDF5, a text ends at its first NUL. The export reports this unless --lossy is given.
        (JsonValueKind.String, string text) => cell.GetString() == text.Split('\0')[0],
        (JsonValueKind.String, not (string or GenericEnum)) => ExpectedCells.IsSame(JsonElement.Parse(cell.GetString()!), value),
        _ => ExpectedCells.IsSame(cell, value),
    };
}
