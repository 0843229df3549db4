using Avro.File;
using Avro.Generic;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class ContainerFormatTests
{
    private static readonly string[] Keys = ["avro.schema", "avro.codec", "speeddata.channel", "speeddata.created", "speeddata.ordinal", "speeddata.time", "speeddata.boot", "speeddata.host"];

    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Deflate)]
    [TestCase(ArchiveCodec.Zstandard)]
    public void Records_are_read_back_in_order_even_if_a_block_is_in_two_pieces_of_the_ring(ArchiveCodec codec)
    {
        using var bench = new ArchiveBench(new ArchiveOptions { Codec = codec, BlockBytes = 8 << 10, FlushEvery = TimeSpan.FromMilliseconds(5) });
        bench.Start();
        for (int i = 0; i < 400; i++)
            bench.Send(records: 1 + (i % 20), textLength: i % 90);
        bench.Finish();

        bench.AssertAllArchived();
        Assert.That(bench.Ledger.Writer.ArchivedBytes, Is.EqualTo(new FileInfo(bench.Finished.Single()).Length));
    }

    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Deflate)]
    public void Apache_Avro_reads_the_file(ArchiveCodec codec)
    {
        using var bench = new ArchiveBench(new ArchiveOptions { Codec = codec, BlockBytes = 4 << 10 });
        bench.Start();
        for (int i = 0; i < 100; i++)
            bench.Send(records: 10, textLength: 30);
        bench.Finish();

        using IFileReader<GenericRecord> reader = DataFileReader<GenericRecord>.OpenReader(bench.Finished.Single());
        Assert.That(reader.NextEntries.Select(record => (long)record["sequence"]), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void The_header_has_the_original_text_of_the_schema_and_describes_the_file()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { Codec = ArchiveCodec.Zstandard });
        bench.Send();
        bench.Finish();

        var file = new ContainerFile(bench.Finished.Single());
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.Keys, Is.EquivalentTo(Keys));
            Assert.That(file.Metadata["avro.schema"], Is.EqualTo(TestRecord.Schema));
            Assert.That(file.Metadata["avro.codec"], Is.EqualTo("zstandard"));
            Assert.That(file.Metadata["speeddata.channel"], Is.EqualTo(ArchiveBench.Channel));
            Assert.That(file.Metadata["speeddata.created"], Is.EqualTo("2026-01-02T03:04:05.6789012Z"));
            Assert.That(file.Metadata["speeddata.host"], Is.EqualTo(Environment.MachineName));
        });
    }

    [Test]
    public void The_host_can_be_left_out_of_the_header()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { HostName = false });
        bench.Send();
        bench.Finish();

        Assert.That(new ContainerFile(bench.Finished.Single()).Metadata.Keys, Is.EquivalentTo(Keys[..^1]));
    }

    [Test]
    public void Every_file_has_a_sync_marker_of_its_own()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero, RotateBytes = 1 });
        bench.Start();
        for (int i = 0; i < 5; i++)
            bench.SendBlock();
        bench.Finish();

        Assert.That(bench.Finished.Select(file => Convert.ToHexString(new ContainerFile(file).Sync)).Distinct().Count(), Is.EqualTo(5));
    }

    [Test]
    public void A_part_file_is_readable_up_to_its_last_block_while_it_is_being_written()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 7);

        string part = bench.Parts.Single();
        Assert.Multiple(() =>
        {
            Assert.That(new ContainerFile(part).Records(), Has.Count.EqualTo(7));
            Assert.That(bench.Writer.State.PartFile, Is.EqualTo(part));
        });
    }

    [TestCase(0, new byte[] { 0 })]
    [TestCase(-1, new byte[] { 1 })]
    [TestCase(63, new byte[] { 126 })]
    [TestCase(64, new byte[] { 128, 1 })]
    [TestCase(-65, new byte[] { 129, 1 })]
    [TestCase(long.MaxValue, new byte[] { 254, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [TestCase(long.MinValue, new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    public void A_long_is_encoded_as_a_zigzag_varint(long value, byte[] expected)
    {
        byte[] bytes = new byte[Varint.MaxBytes];
        Assert.That(bytes[..Varint.Write(bytes, value)], Is.EqualTo(expected));
    }

    [Test]
    public void The_largest_bursts_fit_the_smallest_ring()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 4096, FlushEvery = TimeSpan.FromHours(1) });
        bench.Start();
        for (int i = 0; i < 10; i++)
            bench.Send(records: 1 + (63 * (i % 2)), textLength: i % 2 == 0 ? 65_000 : 1000);
        bench.Finish();

        bench.AssertAllArchived();
    }
}
