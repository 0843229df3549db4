using SpeedData.Core.Container;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Container;

public sealed class ContainerReaderTests
{
    private static readonly byte[] Data = ContainerBuilder.Longs(1, 2, 3);

    [Test]
    public void Blocks_are_read_one_after_the_other()
    {
        ContainerBuilder file = File().Frame(3, Data).Frame(0, []);
        ContainerReader reader = file.Reader().File!;

        Assert.Multiple(() =>
        {
            Assert.That(reader.ReadFrame(file.HeaderLength, out BlockFrame first), Is.Null);
            Assert.That((first.Records, first.DataLength, reader.Data(first).ToArray()), Is.EqualTo((3L, (long)Data.Length, Data)));
            Assert.That(reader.ReadFrame(first.End, out BlockFrame second), Is.Null);
            Assert.That((second.Records, second.DataLength, second.End), Is.EqualTo((0, 0, reader.Length)));
        });
    }

    [Test]
    public void A_block_cut_anywhere_is_truncated()
    {
        byte[] whole = File().Frame(3, Data).Bytes;
        int start = File().HeaderLength;
        for (int length = start + 1; length < whole.Length; length++)
        {
            ContainerReader reader = ContainerReader.Open(new BytesSource(whole[..length]), out _)!;
            Assert.That(reader.ReadFrame(start, out _)?.Kind, Is.EqualTo(ContainerFaultKind.Truncated), $"cut at {length}");
        }
    }

    [TestCase(-1, 3, ContainerFaultKind.BadNumber)]
    [TestCase(3, -1, ContainerFaultKind.BadNumber)]
    [TestCase(3, long.MinValue, ContainerFaultKind.BadNumber)]
    [TestCase(3, long.MaxValue, ContainerFaultKind.Truncated)]
    [TestCase(long.MaxValue, 2, ContainerFaultKind.SyncMismatch)]
    public void Impossible_numbers_are_reported_and_not_followed(long count, long size, ContainerFaultKind kind)
    {
        ContainerBuilder file = File().Number(count).Number(size).Raw(Data).Raw(ContainerBuilder.Sync);
        Assert.That(file.Reader().File!.ReadFrame(file.HeaderLength, out _)?.Kind, Is.EqualTo(kind));
    }

    [Test]
    public void A_number_with_too_many_bytes_is_invalid()
    {
        ContainerBuilder file = File().Raw([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]).Raw(new byte[30]);
        Assert.That(file.Reader().File!.ReadFrame(file.HeaderLength, out _)?.Kind, Is.EqualTo(ContainerFaultKind.BadNumber));
    }

    [TestCase(0)]
    [TestCase((1 << 20) - 300)]
    [TestCase((1 << 20) - 200)]
    [TestCase((1 << 20) - 100)]
    [TestCase(3 << 20)]
    public void A_marker_is_found_at_any_position_even_across_the_readers_windows(int before)
    {
        for (int shift = 0; shift < 40; shift++)
        {
            ContainerBuilder file = File().Raw(new byte[before + shift]).Raw(ContainerBuilder.Sync);
            ContainerReader reader = file.Reader().File!;
            int marker = file.HeaderLength + before + shift;
            Assert.That(reader.FindSync(file.HeaderLength), Is.EqualTo(marker));
            Assert.That(reader.FindSync(marker + 1), Is.EqualTo(-1));
            Assert.That(reader.FindSync(file.HeaderLength, marker + 15, CancellationToken.None), Is.EqualTo(-1));
        }
    }

    [Test]
    public void A_file_that_is_cut_while_it_is_read_gives_fewer_bytes_and_no_exception()
    {
        byte[] whole = File().Frame(3, Data).Bytes;
        ContainerReader reader = ContainerReader.Open(new ShrinkingSource(whole, whole.Length - 20), out _)!;
        Assert.That(reader.ReadFrame(File().HeaderLength, out _), Is.Not.Null);
    }

    private static ContainerBuilder File() => ContainerBuilder.Of(ContainerBuilder.LongSchema, "null");

    /// <summary>A source that states its full length but gives fewer bytes.</summary>
    private sealed class ShrinkingSource(byte[] bytes, int left) : IByteSource
    {
        public long Length => bytes.Length;

        public int Read(long at, Span<byte> into) => new BytesSource(bytes[..left]).Read(at, into);
    }
}
