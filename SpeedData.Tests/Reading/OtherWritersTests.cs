using System.Text.Json;
using SpeedData.Tests.Conformance;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Files that other Avro libraries wrote are read to the last value, whatever their codec.</summary>
public sealed class OtherWritersTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TempFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [TestCase("null", "zlib")]
    [TestCase("deflate", "zlib")]
    [TestCase("bzip2", "bz2")]
    [TestCase("snappy", "snappy")]
    [TestCase("zstandard", "zstandard")]
    [TestCase("xz", "lzma")]
    public async Task A_file_of_python(string codec, string module)
    {
        AvroReader.PythonWriter.DemandModule($"import {module}; from avro.codecs import Codecs; Codecs.get_codec('{codec}')", $"python3-avro here has no codec {codec}");
        await IsReadAsync(AvroReader.PythonWriter, codec);
    }

    [TestCase("null")]
    [TestCase("deflate")]
    public async Task A_file_of_avsc(string codec)
    {
        AvroReader.AvscWriter.Demand();
        await IsReadAsync(AvroReader.AvscWriter, codec);
    }

    private async Task IsReadAsync(AvroReader writer, string codec)
    {
        string path = Path.Combine(_folder.Path, codec + ".avro");
        List<JsonElement> written = writer.Read(path);
        using var run = new CommandRun();
        JsonElement[] read = [.. (await run.TextAsync("export", path, "--format", "jsonl", "--output", "-")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        Assert.That(read, Has.Length.EqualTo(written.Count));
        for (int i = 0; i < read.Length; i++)
        {
            foreach (JsonProperty field in written[i].EnumerateObject())
            {
                bool isRecord = field.Value.ValueKind == JsonValueKind.Object;
                JsonElement cell = read[i].GetProperty(isRecord ? field.Name + ".x" : field.Name);
                Assert.That(JsonElement.DeepEquals(cell, isRecord ? field.Value.GetProperty("x") : field.Value), Is.True, $"{field.Name} of row {i}: {cell} is not {field.Value}");
            }
        }
    }
}
