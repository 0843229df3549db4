using System.Globalization;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive;

namespace SpeedData.Tests.Conformance;

/// <summary>Archives are standard Avro files: readers that know nothing of SpeedData read every record of them.</summary>
public sealed class OtherReadersTests
{
    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Deflate)]
    [TestCase(ArchiveCodec.Zstandard)]
    public void Apaches_Python_reader_reads_every_record(ArchiveCodec codec)
    {
        if (codec == ArchiveCodec.Zstandard)
            AvroReader.Python.DemandModule("import zstandard", "Debian's python3-zstandard is not installed");
        AvroReader.Python.Demand();
        AssertReadWhole(AvroReader.Python, codec);
    }

    // avsc has no zstandard of its own, and node has it only since 22.15.
    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Deflate)]
    public void Avsc_reads_every_record(ArchiveCodec codec)
    {
        AvroReader.Avsc.Demand();
        AssertReadWhole(AvroReader.Avsc, codec);
    }

    private static void AssertReadWhole(AvroReader reader, ArchiveCodec codec)
    {
        // Writes many blocks, records of many lengths, and blocks in two pieces of the ring.
        using var bench = new ArchiveBench(new ArchiveOptions { Codec = codec, BlockBytes = 4 << 10, FlushEvery = TimeSpan.FromMilliseconds(5) });
        bench.Start();
        List<int> lengths = [];
        for (int i = 0; i < 300; i++)
        {
            bench.Send(records: 1 + (i % 20), textLength: i % 90);
            lengths.AddRange(Enumerable.Repeat(i % 90, 1 + (i % 20)));
        }
        bench.Finish();

        List<JsonElement> records = reader.Read(bench.Finished.Single());
        Assert.Multiple(() =>
        {
            Assert.That(records.Select(r => r.GetProperty("sequence").ToString()), Is.EqualTo(lengths.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))));
            Assert.That(records.Select(r => r.GetProperty("text").GetString()), Is.EqualTo(lengths.Select(n => new string('x', n))));
        });
    }
}
