using System.Runtime.InteropServices;
using SpeedData.Core.Ring;

namespace SpeedData.Tests.Ring;

/// <summary>The cursors of each side are at least 128 bytes away from those of the other side and from other objects.</summary>
public sealed class CursorPaddingTests
{
    [TestCase(nameof(BurstRing.ProducerSide.NextPosition), 128)]
    [TestCase(nameof(BurstRing.ProducerSide.ChunkUsed), 156)]
    [TestCase(nameof(BurstRing.ProducerSide.PublishedPosition), 256)]
    [TestCase(nameof(BurstRing.ProducerSide.PublishedIndex), 264)]
    public void The_producers_private_and_shared_cursors_are_apart(string field, int offset) =>
        Assert.That(Marshal.OffsetOf<BurstRing.ProducerSide>(field), Is.EqualTo((IntPtr)offset));

    [Test]
    public void Two_descriptors_fill_a_cache_line() => Assert.That(Marshal.SizeOf<BurstDescriptor>(), Is.EqualTo(32));

    [Test]
    public void The_sides_end_in_padding() =>
        Assert.Multiple(() =>
        {
            Assert.That(Marshal.SizeOf<BurstRing.ProducerSide>(), Is.EqualTo(384));
            Assert.That(Marshal.SizeOf<BurstRing.ConsumerSide>(), Is.EqualTo(256));
            Assert.That(Marshal.OffsetOf<BurstRing.ConsumerSide>(nameof(BurstRing.ConsumerSide.ReleasedPosition)), Is.EqualTo((IntPtr)128));
        });
}
