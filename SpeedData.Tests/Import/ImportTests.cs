using System.Diagnostics;
using System.Text.Json;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Reading;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Import;

/// <summary>The command import, as run from a shell, on files in the predecessor's format.</summary>
public sealed class ImportTests
{
    private TempFolder _folder = null!;
    private string _schema = null!, _other = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TempFolder();
        _schema = _folder.Write("test.avsc", TestRecord.Schema);
        _other = _folder.Write("other.avsc", Records.Schema);
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task Every_record_of_an_intact_file_is_in_the_archive()
    {
        byte[][] records = FrameFile.Records(5000);
        JsonElement told = await ImportAsync(0, Put("a.avro", FrameFile.Of(records).Bytes));
        Assert.That(Imported("one"), Is.EqualTo(records));
        Assert.That(told.GetProperty("files")[0].GetProperty("records").GetInt32(), Is.EqualTo(5000));
        Assert.That(told.GetProperty("files")[0].GetProperty("bytes_lost").GetInt32(), Is.Zero);
        using var run = new CommandRun();
        Assert.That(await run.RunAsync("verify", Path.Combine(_folder.Path, "out")), Is.Zero, run.Output + run.Error);
    }

    [Test]
    public async Task A_file_cut_in_its_last_frame_keeps_all_other_frames_and_the_rest_is_reported()
    {
        byte[][] records = FrameFile.Records(3);
        FrameFile file = FrameFile.Of(records);
        for (int end = file.Starts[^2]; end < file.Starts[^1]; end++)
        {
            JsonElement told = await ImportAsync(end == file.Starts[^2] ? 0 : 3, Put("a.avro", file.Bytes[..end]));
            Assert.That(Imported("one"), Is.EqualTo(records[..^1]), $"cut at {end}");
            Assert.That(told.GetProperty("files")[0].GetProperty("bytes_lost").GetInt32(), Is.EqualTo(end - file.Starts[^2]));
            Directory.Delete(Path.Combine(_folder.Path, "out"), recursive: true);
        }
    }

    [Test]
    public async Task With_any_byte_flipped_every_other_frame_is_imported()
    {
        byte[][] records = FrameFile.Records(4, from: 3);
        FrameFile file = FrameFile.Of(records);
        for (int at = 0; at < file.Bytes.Length; at++)
        {
            byte[] bytes = file.Bytes;
            bytes[at] ^= (byte)(1 << (at % 8));
            int hit = file.Starts.FindLastIndex(start => start <= at);
            await ImportAsync(null, Put("a.avro", bytes));
            byte[][] others = [.. records.Where((_, i) => i != hit)];
            Assert.That(Imported("one").Intersect(others, Bytes.Same).Count(), Is.EqualTo(others.Length), $"byte {at} of frame {hit}");
            Assert.That(Imported("one").Count, Is.LessThanOrEqualTo(records.Length));
            Directory.Delete(Path.Combine(_folder.Path, "out"), recursive: true);
        }
    }

    [Test]
    public async Task With_many_bytes_flipped_every_undamaged_frame_is_imported([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        byte[][] records = FrameFile.Records(2000);
        FrameFile file = FrameFile.Of(records);
        byte[] bytes = file.Bytes;
        var hit = new HashSet<int>();
        for (int i = 0; i < 150; i++)
        {
            int at = random.Next(bytes.Length);
            bytes[at] ^= (byte)random.Next(1, 256);
            hit.Add(file.Starts.FindLastIndex(start => start <= at));
        }

        await ImportAsync(3, Put("a.avro", bytes));
        var there = Imported("one").ToHashSet(Bytes.Same);
        Assert.That(records.Where((record, i) => !hit.Contains(i) && !there.Contains(record)), Is.Empty);
    }

    [Test]
    public async Task Records_of_two_schemas_in_one_file_are_sorted_one_by_one()
    {
        byte[][] one = FrameFile.Records(100), two = [.. Enumerable.Range(0, 100).Select(i => Records.Encode(100_000 + i))];
        byte[][] mixed = [.. one.Zip(two).SelectMany(pair => new[] { pair.First, pair.Second })];
        string path = Put("a.avro", FrameFile.Of(mixed).Bytes);
        using var run = new CommandRun();
        Assert.That(await run.RunAsync("import", path, "--channel", "one,two", "--schema", _schema, _other, "--output", Path.Combine(_folder.Path, "out")), Is.Zero, run.Error + run.Output);
        Assert.That(Imported("one"), Is.EqualTo(one));
        Assert.That(Imported("two"), Is.EqualTo(two));
    }

    [Test]
    public async Task A_record_that_fits_two_schemas_is_left_out_and_counted()
    {
        byte[][] records = FrameFile.Records(10);
        using var run = new CommandRun();
        Assert.That(await run.RunAsync("import", Put("a.avro", FrameFile.Of(records).Bytes), "--channel", "one", "--schema", _schema, _schema, "--output", Path.Combine(_folder.Path, "out")), Is.EqualTo(3));
        Assert.That(run.Output, Does.Contain("0 records, 10 that fit more than one schema left out"));
    }

    [Test]
    public async Task A_record_that_fits_no_schema_is_left_out_and_counted()
    {
        byte[][] records = FrameFile.Records(10);
        JsonElement told = await ImportAsync(3, Put("a.avro", FrameFile.Of([.. records[..5], [1, 20], .. records[5..]]).Bytes));
        Assert.That(told.GetProperty("files")[0].GetProperty("unfit").GetInt32(), Is.EqualTo(1));
        Assert.That(told.GetProperty("files")[0].GetProperty("lost").EnumerateArray().Single().GetProperty("bytes").GetInt32(), Is.EqualTo(2 + 2 + 16));
        Assert.That(Imported("one"), Is.EqualTo(records));
    }

    [Test]
    public async Task Copies_in_other_files_are_imported_once_and_equal_records_in_one_file_twice()
    {
        byte[][] records = [.. FrameFile.Records(20), .. FrameFile.Records(20)];
        string folder = Path.Combine(_folder.Path, "old");
        Directory.CreateDirectory(Path.Combine(folder, "debug"));
        File.WriteAllBytes(Path.Combine(folder, "a.avro"), FrameFile.Of(records).Bytes);
        File.WriteAllBytes(Path.Combine(folder, "debug", "a.avro"), FrameFile.Of([.. records, .. FrameFile.Records(3, from: 20)]).Bytes);
        JsonElement told = await ImportAsync(0, folder);
        Assert.That(told.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("records").GetInt32(), file.GetProperty("duplicates").GetInt32())), Is.EqualTo(new[] { (40, 0), (3, 40) }));
        Assert.That(Imported("one"), Has.Count.EqualTo(43));
    }

    [Test]
    public async Task A_circular_link_and_a_pipe_do_not_stop_the_import()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "old")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "a.avro"), FrameFile.Of(FrameFile.Records(40)).Bytes);
        Directory.CreateSymbolicLink(Path.Combine(folder, "loop"), folder);
        using (Process made = Process.Start("mkfifo", Path.Combine(folder, "pipe.avro")))
            await made.WaitForExitAsync();
        JsonElement told = await ImportAsync(3, folder);
        Assert.That(told.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("records").GetInt32(), file.GetProperty("trouble").GetString())), Is.EqualTo(new[] { (40, null), (0, "cannot be read: " + Path.Combine(folder, "pipe.avro") + " is not a regular file") }));
    }

    [TestCase("old.avro", "--schema missing.avsc", 64)]
    [TestCase("none", "", 66)]
    public async Task Errors_name_what_is_wrong(string path, string schema, int code)
    {
        Put("old.avro", FrameFile.Of(FrameFile.Records(1)).Bytes);
        using var run = new CommandRun();
        Assert.That(await run.RunAsync("import", Path.Combine(_folder.Path, path), "--channel", "one", "--schema", schema.Length == 0 ? _schema : "missing.avsc", "--output", Path.Combine(_folder.Path, "out")), Is.EqualTo(code));
        Assert.That(run.Error, Does.Not.Contain("   at ").And.Not.Empty);
    }

    private string Put(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private async Task<JsonElement> ImportAsync(int? code, string path)
    {
        using var run = new CommandRun();
        int ended = await run.RunAsync("import", path, "--channel", "one", "--schema", _schema, "--output", Path.Combine(_folder.Path, "out"), "--json");
        Assert.That(ended, code is { } wanted ? Is.EqualTo(wanted) : Is.AnyOf(0, 3), run.Error + run.Output);
        return JsonElement.Parse(run.Output);
    }

    // Decodes the records with Apache.Avro and encodes them with its writer.
    private List<byte[]> Imported(string channel)
    {
        var records = new List<byte[]>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder.Path, "out", channel), "*.avro"))
        {
            using Avro.File.IFileReader<Avro.Generic.GenericRecord> reader = Avro.File.DataFileReader<Avro.Generic.GenericRecord>.OpenReader(file);
            var writer = new Avro.Generic.GenericDatumWriter<Avro.Generic.GenericRecord>(reader.GetSchema());
            foreach (Avro.Generic.GenericRecord record in reader.NextEntries)
            {
                using var bytes = new MemoryStream();
                writer.Write(record, new Avro.IO.BinaryEncoder(bytes));
                records.Add(bytes.ToArray());
            }
        }

        return records;
    }

    private sealed class Bytes : IEqualityComparer<byte[]>
    {
        public static readonly Bytes Same = new();

        public bool Equals(byte[]? a, byte[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(byte[] bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }
    }
}
