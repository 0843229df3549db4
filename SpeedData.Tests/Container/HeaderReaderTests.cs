using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

public sealed class HeaderReaderTests
{
    private const string Schema = ContainerBuilder.LongSchema;

    [Test]
    public void Metadata_may_be_in_any_order_and_in_several_blocks_even_with_negative_counts()
    {
        ContainerBuilder file = new ContainerBuilder().Magic()
            .Entries(-1, ("a", "b"))
            .Entries(2, ("avro.codec", "deflate"), ("c", ""))
            .Entries(-1, ("avro.schema", Schema))
            .EndHeader();

        ContainerHeader header = file.Reader().File!.Header;
        Assert.Multiple(() =>
        {
            Assert.That((header.Schema, header.Codec, header.Text("a"), header.Text("c")), Is.EqualTo((Schema, "deflate", "b", "")));
            Assert.That(header.Sync, Is.EqualTo(ContainerBuilder.Sync));
            Assert.That(header.Length, Is.EqualTo(file.HeaderLength));
        });
    }

    [Test]
    public void A_missing_codec_is_null_and_one_that_is_not_text_is_unknown() => Assert.Multiple(() =>
    {
        Assert.That(ContainerBuilder.Of(Schema, null).Reader().File!.Header.Codec, Is.EqualTo("null"));
        ContainerBuilder odd = new ContainerBuilder().Magic().Number(1).Text("avro.codec").Number(1).Raw([0xFF]).EndHeader();
        Assert.That(BlockDecoder.For(odd.Reader().File!.Header.Codec), Is.Null);
    });

    [Test]
    public void A_header_cut_anywhere_is_truncated()
    {
        byte[] whole = ContainerBuilder.Of(Schema, "null").Bytes;
        for (int length = 4; length < whole.Length; length++)
        {
            Assert.That(ContainerReader.Open(new Support.BytesSource(whole[..length]), out ContainerFault? fault), Is.Null);
            Assert.That(fault!.Kind, Is.EqualTo(ContainerFaultKind.HeaderTruncated), $"cut at {length}");
        }
    }

    [Test]
    public void A_header_larger_than_the_first_read_is_complete()
    {
        ContainerBuilder file = new ContainerBuilder().Magic().Entries(2, ("x", new string('x', 200_000)), ("avro.schema", Schema)).EndHeader();
        Assert.That(file.Reader().File?.Header.Schema, Is.EqualTo(Schema));
    }

    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    [TestCase(1L << 40)]
    public void An_impossible_count_is_refused_immediately(long count)
    {
        BytesReader read = new ContainerBuilder().Magic().Number(count).Number(5).Raw(new byte[100]).Reader();
        Assert.That((read.File, read.Fault?.Kind), Is.EqualTo(((ContainerReader?)null, (ContainerFaultKind?)ContainerFaultKind.BadHeader)));
    }

    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    [TestCase(long.MaxValue)]
    public void An_impossible_length_is_refused_immediately(long length)
    {
        BytesReader read = new ContainerBuilder().Magic().Number(1).Number(length).Raw(new byte[100]).Reader();
        Assert.That((read.File, read.Fault?.Kind), Is.EqualTo(((ContainerReader?)null, (ContainerFaultKind?)ContainerFaultKind.BadHeader)));
    }

    [Test]
    public void Reading_endless_repetitions_of_a_key_ends()
    {
        var file = new ContainerBuilder().Magic();
        for (int i = 0; i < 200_000; i++)
            file.Entries(1, ("k", ""));
        Assert.That(file.EndHeader().Reader().Fault?.Kind, Is.EqualTo(ContainerFaultKind.BadHeader));
    }

    [TestCase("")]
    [TestCase("Obj\u0002")]
    [TestCase("PK\u0003\u0004 and something else entirely")]
    public void A_file_that_is_no_container_file_is_reported_as_such(string text) =>
        Assert.That(new ContainerBuilder().Raw(System.Text.Encoding.UTF8.GetBytes(text)).Reader().File, Is.Null);
}
