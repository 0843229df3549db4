using System.Text.Json;
using Avro.File;
using Avro.Generic;
using SpeedData.Tests.Conformance;
using SpeedData.Tests.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>An independent reader gets from each format the values that Apache.Avro decodes from the archive.</summary>
public sealed class RandomExportTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TempFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task Json_lines_hold_every_value_of_any_schema([Values("null", "deflate", "snappy", "zstandard", "bzip2", "xz")] string codec, [Range(1, 25)] int seed)
    {
        ForeignFile file = ForeignFile.Write(_folder.Path, new Random(seed), codec);
        using var run = new CommandRun();
        string text = await run.TextAsync("export", file.Path, "--format", "jsonl", "--output", "-");
        Compare(file.Records, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))], $"{file.Schema}\n{text}");
    }

    [Test]
    public async Task Json_lines_hold_every_value_of_a_file_that_apaches_library_wrote([Values(Codec.Type.Null, Codec.Type.Deflate)] Codec.Type codec, [Range(700, 709)] int seed)
    {
        var random = new Random(seed);
        string schema = RandomSchema.Any(random), path = Path.Combine(_folder.Path, "apache.avro");
        var oracle = new Oracle(schema);
        GenericRecord[] records = [.. Enumerable.Range(0, 200).Select(_ => oracle.Read(oracle.Encode(random)))];
        using (IFileWriter<GenericRecord> writer = DataFileWriter<GenericRecord>.OpenWriter(new GenericDatumWriter<GenericRecord>(Avro.Schema.Parse(schema)), path, Codec.CreateCodec(codec)))
        {
            foreach (GenericRecord record in records)
                writer.Append(record);
        }

        using var run = new CommandRun();
        string text = await run.TextAsync("export", path, "--format", "jsonl", "--output", "-");
        Compare(records, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))], $"{schema}\n{text}");
    }

    [Test]
    public async Task Csv_holds_every_value_as_python_reads_it([Range(100, 104)] int seed)
    {
        OtherReader.Python.Demand();
        ForeignFile file = ForeignFile.Write(_folder.Path, new Random(seed));
        string csv = await ExportAsync(file, "csv");
        IReadOnlyList<JsonElement> lines = await ExportedJsonAsync(file);
        List<JsonElement> rows = OtherReader.Python.Read(csv);
        Assert.That(rows, Has.Count.EqualTo(lines.Count));
        for (int i = 0; i < rows.Count; i++)
        {
            foreach (JsonProperty cell in lines[i].EnumerateObject())
                Assert.That(rows[i].GetProperty(cell.Name).GetString(), Is.EqualTo(CellText(cell.Value)), $"{cell.Name} of row {i} of {file.Schema}");
        }
    }

    [Test]
    public async Task Parquet_holds_every_value_as_duckdb_and_hyparquet_read_it([Range(200, 206)] int seed)
    {
        ForeignFile file = ForeignFile.Write(_folder.Path, new Random(seed));
        string parquet = await ExportAsync(file, "parquet");
        foreach (OtherReader reader in (OtherReader[])[OtherReader.DuckDb, OtherReader.Hyparquet])
        {
            reader.Demand();
            ComparePlain(await ExportedJsonAsync(file), reader.Read(parquet), file.Schema);
        }
    }

    [Test]
    public async Task Arrow_holds_every_value_as_apache_arrow_reads_it([Range(300, 306)] int seed)
    {
        OtherReader.Arrow.Demand();
        ForeignFile file = ForeignFile.Write(_folder.Path, new Random(seed));
        ComparePlain(await ExportedJsonAsync(file), OtherReader.Arrow.Read(await ExportAsync(file, "arrow")), file.Schema);
    }

    [Test]
    public async Task Avro_holds_the_records_unchanged([Range(400, 405)] int seed)
    {
        ForeignFile file = ForeignFile.Write(_folder.Path, new Random(seed), "deflate");
        string copy = await ExportAsync(file, "avro");
        using var run = new CommandRun();
        string text = await run.TextAsync("export", copy, "--format", "jsonl", "--output", "-");
        Compare(file.Records, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))], file.Schema);
        Assert.That(file.Schema, Is.EqualTo(System.Text.Encoding.UTF8.GetString(Avro.File.DataFileReader<GenericRecord>.OpenReader(copy).GetMeta("avro.schema"))));
    }

    [Test]
    public async Task Avro_holds_the_records_as_python_reads_them([Range(500, 504)] int seed)
    {
        AvroReader.Python.Demand();
        ForeignFile file = ForeignFile.Write(_folder.Path, new Random(seed));
        if (file.Schema.Contains("\"error\"", StringComparison.Ordinal))
            Assert.Ignore("python3-avro does not read errors");
        Assert.That(Texts(AvroReader.Python.Read(await ExportAsync(file, "avro"))), Is.EqualTo(Texts(AvroReader.Python.Read(file.Path))).And.Not.Empty);
    }

    [Test]
    public async Task Two_schemas_in_a_range_are_one_table_with_every_value_of_both([Range(600, 619)] int seed)
    {
        var random = new Random(seed);
        (string first, string second) = TwoSchemas(random);
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "channel")).FullName;
        ForeignFile[] files = [ForeignFile.Write(Path.Combine(folder, "a.avro"), first, random, "null"), ForeignFile.Write(Path.Combine(folder, "b.avro"), second, random, "deflate")];
        using var run = new CommandRun();
        string text = await run.TextAsync("export", folder, "--format", "jsonl", "--output", "-");
        Compare([.. files.SelectMany(file => file.Records)], [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))], $"{first}\n{second}\n{text}");
    }

    /// <summary>Makes two schemas. Fields of both have the same type, or a wider one in the second.</summary>
    private static (string First, string Second) TwoSchemas(Random random)
    {
        (string, string)[] types = [("\"int\"", "\"int\""), ("\"int\"", "\"long\""), ("\"long\"", "\"int\""), ("\"float\"", "\"double\""), ("\"double\"", "\"double\""), ("\"string\"", "\"string\""), ("[\"null\",\"int\"]", "\"long\""), ("\"double\"", "[\"float\",\"null\"]"), ("\"boolean\"", "\"boolean\"")];
        (List<string> first, List<string> second) = ([Field("lead", "\"int\"")], [Field("lead", "\"long\"")]);
        for (int i = 0; i < 10; i++)
        {
            (string before, string after) = types[random.Next(types.Length)];
            int where = random.Next(4);
            if (where != 0)
                first.Add(Field($"f{i}", before));
            if (where != 1)
                second.Add(Field($"f{i}", after));
        }

        return (Record(first), Record(second));
        static string Field(string name, string type) => $$"""{"name":"{{name}}","type":{{type}}}""";
        static string Record(List<string> fields) => $$"""{"type":"record","name":"r","fields":[{{string.Join(',', fields)}}]}""";
    }

    private static string[] Texts(IEnumerable<JsonElement> rows) => [.. rows.Select(row => row.GetRawText())];

    private static void Compare(IReadOnlyList<GenericRecord> records, List<JsonElement> lines, string shown)
    {
        Assert.That(lines, Has.Count.EqualTo(records.Count), shown);
        for (int i = 0; i < records.Count; i++)
        {
            Dictionary<string, object> expected = ExpectedCells.Of(records[i]);
            foreach ((string name, object value) in expected)
                Assert.That(lines[i].TryGetProperty(name, out JsonElement cell) && ExpectedCells.IsSame(cell, value), Is.True, $"{name} of row {i} should be {value}: {shown}");
            string[] own = ["time", "time_ns", "elapsed", "received_time", "source", "lost_before"];
            foreach (JsonProperty cell in lines[i].EnumerateObject().Where(cell => !own.Contains(cell.Name) && !expected.ContainsKey(cell.Name)))
                Assert.That(cell.Value.ValueKind, Is.EqualTo(JsonValueKind.Null), $"{cell.Name} of row {i}: {shown}");
        }
    }

    /// <summary>Compares cells that the reader prints as text: 64-bit numbers with all digits, bytes as hexadecimal.</summary>
    private static void ComparePlain(IReadOnlyList<JsonElement> lines, List<JsonElement> rows, string shown)
    {
        Assert.That(rows, Has.Count.EqualTo(lines.Count), shown);
        for (int i = 0; i < rows.Count; i++)
        {
            foreach (JsonProperty cell in lines[i].EnumerateObject().Where(cell => cell.Name is not ("time" or "received_time")))
            {
                JsonElement read = rows[i].GetProperty(cell.Name);
                Assert.That(IsSamePlain(cell.Value, read), Is.True, $"{cell.Name} of row {i} is {read}, not {cell.Value}: {shown}");
            }
        }
    }

    private static bool IsSamePlain(JsonElement cell, JsonElement read) => (cell.ValueKind, read.ValueKind) switch
    {
        (JsonValueKind.Array, JsonValueKind.Array) => cell.GetArrayLength() == read.GetArrayLength() && cell.EnumerateArray().Zip(read.EnumerateArray()).All(pair => IsSamePlain(pair.First, pair.Second)),
        (JsonValueKind.Number, JsonValueKind.Number) => read.GetDouble().Equals(cell.GetDouble()) || ((float)read.GetDouble()).Equals(cell.GetSingle()),
        (_, JsonValueKind.Null) => cell.ValueKind == JsonValueKind.Null,
        _ => CellText(read) == CellText(cell),
    };

    private static string CellText(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => cell.GetString()!,
        _ => cell.GetRawText(),
    };

    private async Task<string> ExportAsync(ForeignFile file, string format)
    {
        using var run = new CommandRun();
        string path = Path.Combine(_folder.Path, "out." + format);
        Assert.That(await run.RunAsync("export", file.Path, "--lossy", "--output", path), Is.Zero, run.Error);
        return path;
    }

    private static async Task<IReadOnlyList<JsonElement>> ExportedJsonAsync(ForeignFile file)
    {
        using var run = new CommandRun();
        string text = await run.TextAsync("export", file.Path, "--format", "jsonl", "--output", "-");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
