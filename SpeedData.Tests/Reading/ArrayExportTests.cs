using System.Text.Json;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Arrays in tables: as lists, as columns, as JSON; and times to the nanosecond in Parquet.</summary>
public sealed class ArrayExportTests : CommandFixture
{
    private const string Schema = """
        {"type":"record","name":"r","fields":[
          {"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"}},
          {"name":"position","type":{"type":"array","items":"double"}},
          {"name":"names","type":["null",{"type":"array","items":["null","string"]}]}]}
        """;

    private string _path = null!;

    [SetUp]
    public void Begin()
    {
        _path = Path.Combine(Folder.Path, "a.avro");
        byte[] records = [.. Record(1_764_000_000_123_456_789, [1.5, 2.5, 3.5], ["a", null]), .. Record(1_764_000_000_123_456_790, [], null), .. Record(-1, [4.5], [])];
        File.WriteAllBytes(_path, ContainerBuilder.Of(Schema, null).Block("null", 3, records).Bytes);
    }

    [Test]
    public async Task An_array_is_json_text_in_csv() =>
        Assert.That(await ColumnsAsync("position", "names"), Is.EqualTo(new[] { "position,names", "\"[1.5,2.5,3.5]\",\"[\"\"a\"\",null]\"", "[],", "[4.5],[]" }));

    [Test]
    public async Task Items_become_columns_on_request() =>
        Assert.That(await ColumnsAsync("position", "names", "--array-columns", "position=3,names=2"), Is.EqualTo(new[]
        {
            "position.0,position.1,position.2,names.0,names.1",
            "1.5,2.5,3.5,a,",
            ",,,,",
            "4.5,,,,",
        }));

    [Test]
    public async Task A_longer_array_is_refused_or_cut()
    {
        Assert.That(await Run.RunAsync("export", _path, "--format", "csv", "--output", "-", "--array-columns", "position=2"), Is.EqualTo(64));
        Assert.That(Run.Error, Does.Contain("--array-columns position=2: a record has 3 or more items"));
        Assert.That((await ColumnsAsync("position", null, "--array-columns", "position=2", "--lossy"))[1], Is.EqualTo("1.5,2.5"));
    }

    [TestCase("speed=2", "no selected signal is an array of that name")]
    [TestCase("position", "use NAME=N")]
    [TestCase("position=0", "use NAME=N")]
    public async Task A_signal_that_is_not_an_array_is_named(string given, string message)
    {
        Assert.That(await Run.RunAsync("export", _path, "--format", "csv", "--output", "-", "--array-columns", given), Is.EqualTo(64));
        Assert.That(Run.Error, Does.Contain(message));
    }

    [Test]
    public async Task Arrow_has_lists()
    {
        OtherReader.ArrowLists.Demand();
        List<JsonElement> rows = OtherReader.ArrowLists.Read(await ExportAsync("arrow"));
        Assert.That(rows.Select(row => $"{row.GetProperty("position")} {row.GetProperty("names")}"), Is.EqualTo(new[] { "[1.5,2.5,3.5] [\"a\",null]", "[] ", "[4.5] []" }));
    }

    [Test]
    public async Task Parquet_has_lists()
    {
        OtherReader.HyparquetLists.Demand();
        List<JsonElement> rows = OtherReader.HyparquetLists.Read(await ExportAsync("parquet"));
        Assert.That(rows.Select(row => $"{row.GetProperty("position")} {row.GetProperty("names")}"), Is.EqualTo(new[] { "[1.5,2.5,3.5] [\"a\",null]", "[] ", "[4.5] []" }));
    }

    [TestCase("us", "1764000000123456 us", "-1 us")]
    [TestCase("ns", "1764000000123456789 ns", "-1 ns")]
    public async Task Parquet_keeps_the_time_in_the_requested_unit(string unit, string first, string last)
    {
        OtherReader.HyparquetLists.Demand();
        List<JsonElement> rows = OtherReader.HyparquetLists.Read(await ExportAsync("parquet", "--time-unit", unit));
        Assert.That((rows[0].GetProperty("time").GetString(), rows[2].GetProperty("time").GetString()), Is.EqualTo((first, last)));
    }

    [Test]
    public async Task Other_formats_do_not_offer_a_choice_of_the_unit()
    {
        Assert.That(await Run.RunAsync("export", _path, "--format", "csv", "--output", "-", "--time-unit", "ns"), Is.EqualTo(64));
        Assert.That(Run.Error, Does.Contain("--time-unit ns: only parquet has this option"));
    }

    private async Task<string> ExportAsync(string format, params string[] more)
    {
        string path = Path.Combine(Folder.Path, "out." + format);
        Assert.That(await Run.RunAsync(["export", _path, "--output", path, .. more]), Is.Zero, Run.Error);
        return path;
    }

    private async Task<string[]> ColumnsAsync(string first, string? second, params string[] more)
    {
        string fields = second is null ? first : $"{first},{second}";
        string text = await Run.TextAsync(["export", _path, "--format", "csv", "--output", "-", "--fields", fields, .. more]);
        // Three other columns precede the signals, and three follow them.
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.RegularExpressions.Regex.Match(line, "^(?:[^,]*,){3}(.*),[^,]*,[^,]*,[^,]*$").Groups[1].Value)];
    }

    private static byte[] Record(long time, double[] position, string?[]? names)
    {
        var record = new ContainerBuilder().Number(time);
        Array(record, position, value => record.Raw(BitConverter.GetBytes(value)));
        record.Number(names is null ? 0 : 1);
        if (names is not null)
            Array(record, names, name => _ = name is null ? record.Number(0) : record.Number(1).Text(name));
        return record.Bytes;
    }

    private static void Array<T>(ContainerBuilder record, T[] items, Action<T> write)
    {
        if (items.Length > 0)
            record.Number(items.Length);
        foreach (T item in items)
            write(item);
        record.Number(0);
    }
}
