using System.Text.Json;
using Avro;
using SpeedData.Tests.Conformance;
using SpeedData.Tests.Support;
using AvroSchema = Avro.Schema;

namespace SpeedData.Tests.Reading;

/// <summary>Files from other Avro libraries are read to the last value, with every codec and type.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class OtherWritersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task A_file_written_by_python_is_read([ValueSource(nameof(Shapes))] string shape)
    {
        AvroWriter.Python.Demand();
        await AreReadAsync(AvroWriter.Python, shape, "null", 1000);
    }

    [Test]
    public async Task A_file_written_by_python_with_any_codec_is_read([Values("interop", "primitives", "many fields")] string shape, [Values("null", "deflate", "bzip2", "snappy", "zstandard", "xz")] string codec, [Values(0, 1, 1000)] int rows)
    {
        AvroWriter.Python.DemandModule($"from avro.codecs import get_codec; '{codec}' == 'xz' or get_codec('{codec}')", $"python3-avro here has no codec {codec}");
        await AreReadAsync(AvroWriter.Python, shape, codec, rows);
    }

    // avsc writes an incomplete header if a file has no records, so the test writes 1,000.
    [Test]
    public async Task A_file_written_by_avsc_is_read([ValueSource(nameof(ShapesForAvsc))] string shape, [Values("null", "deflate")] string codec)
    {
        AvroWriter.Avsc.Demand();
        await AreReadAsync(AvroWriter.Avsc, shape, codec, 1000);
    }

    private static IEnumerable<string> Shapes() => ForeignSchemas.All.Keys;

    // avsc never ends when it draws random values of a record that contains an array of itself.
    private static IEnumerable<string> ShapesForAvsc() => Shapes().Where(shape => shape != "interop");

    private async Task AreReadAsync(AvroWriter writer, string shape, string codec, int rows)
    {
        (string path, List<JsonElement> written) = writer.Write(_folder.Path, ForeignSchemas.All[shape], codec, rows);
        Assert.That(written, Has.Count.EqualTo(rows));
        using var run = new CommandRun();
        JsonElement[] read = [.. (await run.TextAsync("export", path, "--format", "jsonl", "--output", "-")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        Assert.That(read, Has.Length.EqualTo(rows));
        var schema = (RecordSchema)AvroSchema.Parse(ForeignSchemas.All[shape]);
        for (int i = 0; i < rows; i++)
            Compare(schema, written[i], read[i], "");
    }

    /// <summary>Compares columns with values. Fields of a nested record are columns with dots, or null if the record is absent.</summary>
    private static void Compare(RecordSchema schema, JsonElement written, JsonElement row, string prefix)
    {
        foreach (Field field in schema.Fields)
        {
            string name = prefix + field.Name;
            JsonElement value = written.ValueKind == JsonValueKind.Null ? written : written.GetProperty(field.Name);
            if (Inner(field.Schema) is { } inner && !Recurses(inner))
                Compare(inner, value, row, name + ".");
            else
                Assert.That(IsSame(Cell(row, name), value), Is.True, $"{name}: {row} does not hold {value}");
        }
    }

    private static RecordSchema? Inner(AvroSchema schema) => schema switch
    {
        RecordSchema record => record,
        UnionSchema { Count: 2 } union when union.Schemas.Any(branch => branch.Tag == AvroSchema.Type.Null) => union.Schemas.OfType<RecordSchema>().FirstOrDefault(),
        _ => null,
    };

    private static bool Recurses(RecordSchema record) => record.ToString().Split($"\"{record.Name}\"").Length > 2;

    /// <summary>Finds the cell of a field. The time field is <c>time_ns</c>; a signal whose name is taken has a prefix.</summary>
    private static JsonElement Cell(JsonElement row, string name) =>
        row.TryGetProperty("signal." + name, out JsonElement renamed) ? renamed
        : name is not ("time" or "elapsed" or "source") && row.TryGetProperty(name, out JsonElement cell) ? cell
        : row.GetProperty("time_ns");

    private static bool IsSame(JsonElement cell, JsonElement value) => (cell.ValueKind, value.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => IsSameNumber(cell, value),
        (JsonValueKind.Array, JsonValueKind.Array) => cell.GetArrayLength() == value.GetArrayLength() && cell.EnumerateArray().Zip(value.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => cell.EnumerateObject().Count() == value.EnumerateObject().Count() && value.EnumerateObject().All(property => cell.TryGetProperty(property.Name, out JsonElement own) && IsSame(own, property.Value)),
        // The time does not fit in 64 bits of nanoseconds.
        (JsonValueKind.Null, JsonValueKind.Number) => Math.Abs(value.GetDouble()) > long.MaxValue / 1e6,
        _ => JsonElement.DeepEquals(cell, value),
    };

    private static bool IsSameNumber(JsonElement cell, JsonElement value) =>
        cell.TryGetDecimal(out decimal read) && value.TryGetDecimal(out decimal written) && (read == written || read == written * 1_000 || read == written * 1_000_000)
        || cell.GetDouble().Equals(value.GetDouble()) || ((float)cell.GetDouble()).Equals((float)value.GetDouble());
}
