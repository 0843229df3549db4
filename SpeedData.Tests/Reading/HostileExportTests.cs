using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SpeedData.Tests.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Schemas, sizes and paths that cause trouble.</summary>
public sealed class HostileExportTests : CommandFixture
{
    private const string SmallHeap = "6400000";


    [Test]
    public async Task A_renamed_signal_never_gets_the_name_of_another()
    {
        OtherReader.H5py.Demand();
        string path = Put("a", """{"type":"record","name":"r","fields":[{"name":"signal","type":{"type":"record","name":"s","fields":[{"name":"source","type":"int"}]}},{"name":"source","type":"int"}]}""", [2, 4]);
        JsonElement row = JsonElement.Parse((await Run.TextAsync("export", path, "--format", "jsonl", "--output", "-")).Trim());
        Assert.That((row.GetProperty("signal.source").GetInt32(), row.GetProperty("signal.signal.source").GetInt32()), Is.EqualTo((1, 2)));
        Assert.That(Run.Error, Does.Contain("'source' is written as 'signal.signal.source'"));
        JsonElement read = (await Hdf5Async(path)).Single();
        Assert.That((read.GetProperty("signal.source").GetInt32(), read.GetProperty("signal.signal.source").GetInt32()), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task An_enum_with_the_name_of_a_column_gets_its_own_column()
    {
        OtherReader.H5py.Demand();
        JsonElement row = (await Hdf5Async(Put("a", """{"type":"record","name":"r","fields":[{"name":"source","type":{"type":"enum","name":"e","symbols":["A","B"]}}]}""", [2]))).Single();
        Assert.That(row.GetProperty("signal.source").GetString(), Is.EqualTo("B"));
    }

    [Test]
    public async Task An_enum_with_too_many_symbols_for_HDF5_is_exported_as_text()
    {
        OtherReader.H5py.Demand();
        string symbols = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"S{i}\""));
        JsonElement row = (await Hdf5Async(Put("a", $$$"""{"type":"record","name":"r","fields":[{"name":"e","type":{"type":"enum","name":"f","symbols":[{{{symbols}}}]}}]}""", [14]))).Single();
        Assert.That(row.GetProperty("e").GetString(), Is.EqualTo("S7"));
    }

    [Test]
    public async Task A_name_that_HDF5_cannot_hold_is_refused()
    {
        string path = Put("a", $$"""{"type":"record","name":"r","fields":[{"name":"{{new string('n', 70_000)}}","type":"int"}]}""", [2]);
        Assert.That(await Run.RunAsync("export", path, "--output", At("x.h5")), Is.EqualTo(66));
        Assert.That(Run.Error, Does.Contain("cannot store a name of 70,000 letters").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_recursive_record_has_a_short_schema_in_MCAP()
    {
        string fields = string.Join(',', Enumerable.Range(0, 12).Select(i => $$"""{"name":"f{{i}}","type":["null","n"]}"""));
        string path = Put("a", $$$"""{"type":"record","name":"r","fields":[{"name":"n","type":{"type":"record","name":"n","fields":[{{{fields}}}]}}]}""", new byte[12]);
        Assert.That(await Run.RunAsync("export", path, "--output", At("x.mcap")), Is.Zero, Run.Error);
        Assert.That(new FileInfo(At("x.mcap")).Length, Is.LessThan(20_000));
    }

    [TestCase("x.h5", "1")]
    [TestCase("x.h5", "16")]
    [TestCase("x.mcap", "16")]
    public void Large_texts_of_several_channels_need_little_memory(string output, string processors)
    {
        const int Bytes = 60_000, Blocks = 50, InBlock = 50;
        var one = new MemoryStream();
        one.Write([0xC0, 0xA9, 0x07]);
        one.Write(Enumerable.Repeat((byte)'x', Bytes).ToArray());
        byte[] block = [.. Enumerable.Repeat(one.ToArray(), InBlock).SelectMany(record => record)];
        foreach (string channel in (string[])["one", "two"])
        {
            ContainerBuilder file = ContainerBuilder.Of("""{"type":"record","name":"r","fields":[{"name":"s","type":"string"}]}""", "deflate");
            for (int i = 0; i < Blocks; i++)
                file.Block("deflate", InBlock, block);
            Directory.CreateDirectory(At(channel));
            File.WriteAllBytes(At($"{channel}/a.avro"), file.Bytes);
        }

        (int code, string error) = Execute(ServerProcess.Executable, ["export", Folder.Path, "--channel", "one,two", "--output", At(output)], SmallHeap, processors);
        Assert.That(code, Is.Zero, error);
    }

    [TestCase("1")]
    [TestCase("16")]
    public void Many_channels_and_columns_in_HDF5_need_little_memory(string processors)
    {
        string fields = string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{"name":"f{{i}}","type":"double"}"""));
        byte[] file = ContainerBuilder.Of($$"""{"type":"record","name":"r","fields":[{{fields}}]}""", "deflate").Block("deflate", 2000, new byte[2000 * 1600]).Bytes;
        for (int i = 0; i < 30; i++)
        {
            Directory.CreateDirectory(At($"c{i}"));
            for (int part = 0; part < 8; part++)
                File.WriteAllBytes(At($"c{i}/{part}.avro"), file);
        }

        (int code, string error) = Execute(ServerProcess.Executable, ["export", Folder.Path, "--channel", string.Join(',', Enumerable.Range(0, 30).Select(i => $"c{i}")), "--output", At("x.h5")], SmallHeap, processors);
        Assert.That(code, Is.Zero, error);
    }

    [TestCase("csv")]
    [TestCase("hdf5")]
    [TestCase("mcap")]
    [TestCase("parquet")]
    public void A_full_disk_leaves_no_incomplete_file(string format)
    {
        string path = Put("a", """{"type":"record","name":"r","fields":[{"name":"s","type":"long"}]}""", [.. Enumerable.Range(0, 100_000).SelectMany(i => new byte[] { (byte)(128 | (i * 7919 % 128)), (byte)(128 | (i * 104_729 / 128 % 128)), 1 })], 100_000);
        (int allowed, _) = Execute("unshare", ["--mount", "true"]);
        if (allowed != 0)
            Assert.Ignore("needs the right to make a mount namespace");
        const string Script = """mount -t tmpfs -o size=64k none "$0"; "$@"; code=$?; ls -A "$0" >&2; exit $code""";
        (int code, string error) = Execute("unshare", ["--mount", "bash", "-c", Script, At("out"), ServerProcess.Executable, "export", path, "--format", format, "--output", At("out/x")]);
        Assert.That(code, Is.EqualTo(73), error);
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(2).And.All.Not.EndsWith(".tmp"), error);
        Assert.That(error, Does.Contain("No space left").And.Not.Contain("   at "));
    }

    // With write-xor-execute, the runtime maps a file of 2 GB for its own code, which the limit forbids.
    private const string LimitScript = """ulimit -f 32; DOTNET_EnableWriteXorExecute=0 "$@" > "$0" """;

    [TestCase("csv", "x")]
    [TestCase("jsonl", "x")]
    [TestCase("avro", "x")]
    [TestCase("hdf5", "x")]
    [TestCase("mcap", "x")]
    [TestCase("parquet", "x")]
    [TestCase("arrow", "x")]
    [TestCase("csv", "-")]
    [TestCase("parquet", "-")]
    public void A_file_size_limit_is_named_and_no_incomplete_file_is_left(string format, string output)
    {
        string path = Put("a", """{"type":"record","name":"r","fields":[{"name":"s","type":"long"}]}""", [.. Enumerable.Range(0, 100_000).SelectMany(i => new byte[] { (byte)(128 | (i * 7919 % 128)), (byte)(128 | (i * 104_729 / 128 % 128)), 1 })], 100_000);
        Directory.CreateDirectory(At("out"));
        (int code, string error) = Execute("bash", ["-c", LimitScript, At("standard"), ServerProcess.Executable, "export", path, "--format", format, "--output", output == "-" ? "-" : At("out/" + output)]);
        Assert.That(code, Is.EqualTo(73), error);
        Assert.That(error, Does.Contain("may write no file beyond 32,768 bytes").And.Contain("ulimit -f").And.Not.Contain("   at "));
        Assert.That(Directory.EnumerateFileSystemEntries(At("out")), Is.Empty);
    }

    [Test]
    public async Task The_next_export_deletes_the_rest_of_a_killed_one_but_no_file_in_use()
    {
        string path = Put("a", ContainerBuilder.LongSchema, [2, 4], 2), output = At("x.csv");
        string[] left = [output + ".0123abcd.tmp", output + ".4567abcd.tmp", output + ".89abcdef.tmp", At("y.csv.0123abcd.tmp")];
        foreach (string file in left)
            await File.WriteAllTextAsync(file, "cut");
        foreach (string file in left.Where((_, i) => i != 1))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        await using (new FileStream(left[2], FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.That(await Run.RunAsync("export", path, "--output", output), Is.Zero, Run.Error);
        Assert.That(left.Where(File.Exists), Is.EqualTo(left[1..]), "one file was just begun, one is being written, and one belongs to another file");
    }

    [Test]
    public async Task Two_signals_with_one_column_of_a_grid_are_named()
    {
        Put("a", """{"type":"record","name":"r","fields":[{"name":"t","type":{"type":"long","logicalType":"timestamp-nanos"}},{"name":"b","type":{"type":"record","name":"s","fields":[{"name":"c","type":"long"}]}}]}""", [2, 4], 1);
        Put("a.b", """{"type":"record","name":"r","fields":[{"name":"t","type":{"type":"long","logicalType":"timestamp-nanos"}},{"name":"c","type":"long"}]}""", [2, 6], 1);
        Assert.That(await Run.RunAsync("export", Folder.Path, "--channel", "a,a.b", "--clock", "device", "--align", "1ms", "--output", At("out/x.csv")), Is.EqualTo(64));
        Assert.That(Run.Error, Does.Contain("--align: 'b.c' of channel 'a' and 'c' of channel 'a.b' would both be the column 'a.b.c'").And.Contain("--fields"));
        Assert.That(Directory.EnumerateFileSystemEntries(At("out")), Is.Empty);
    }

    [Test]
    public async Task A_recording_is_not_replaced_by_its_own_export()
    {
        string path = Put("a", ContainerBuilder.LongSchema, [2, 4], 2), link = At("link.avro");
        byte[] before = await File.ReadAllBytesAsync(path);
        File.CreateSymbolicLink(link, path);
        foreach (string output in (string[])[path, link])
        {
            Assert.That(await Run.RunAsync("export", path, "--every", "2", "--force", "--format", "avro", "--output", output), Is.EqualTo(73));
            Assert.That(Run.Error, Does.Contain("is the input file"));
        }

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(before));
    }

    [Test]
    public async Task A_pipe_is_not_replaced_by_a_file_and_a_folder_that_cannot_be_made_is_reported()
    {
        string path = Put("a", ContainerBuilder.LongSchema, [2]);
        using (Process made = Process.Start("mkfifo", At("pipe")))
            await made.WaitForExitAsync();
        foreach ((string output, string why) in ((string, string)[])[(At("pipe"), "is not a regular file"), (path + "/", "cannot be created")])
        {
            Assert.That(await Run.RunAsync("export", path, "--force", "--format", "csv", "--output", output), Is.EqualTo(73));
            Assert.That(Run.Error, Does.Contain(why).And.Not.Contain("   at "));
        }
    }

    private string At(string name) => Path.Combine(Folder.Path, name);

    private string Put(string channel, string schema, byte[] records, int count = 1)
    {
        Directory.CreateDirectory(At(channel));
        Directory.CreateDirectory(At("out"));
        File.WriteAllBytes(At($"{channel}/a.avro"), ContainerBuilder.Of(schema, "null").Block("null", count, records).Bytes);
        return At($"{channel}/a.avro");
    }

    private async Task<List<JsonElement>> Hdf5Async(string path)
    {
        Assert.That(await Run.RunAsync("export", path, "--output", At("x.h5")), Is.Zero, Run.Error);
        return OtherReader.H5py.Read(At("x.h5"));
    }

    /// <summary>Runs the export in another process, with a heap limit in hexadecimal bytes.</summary>
    private static (int Code, string Error) Execute(string file, string[] arguments, string? heap = null, string? processors = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardError = true, StandardErrorEncoding = Encoding.UTF8 };
        if (heap is not null)
            (start.Environment["DOTNET_GCHeapHardLimit"], start.Environment["DOTNET_PROCESSOR_COUNT"]) = (heap, processors);
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
