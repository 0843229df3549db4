using SpeedData.Core.Ring;

namespace SpeedData.Tests.Ring;

public sealed class BurstRingTests
{
    private const int Capacity = BurstRing.MinCapacity;

    [Test]
    public void What_was_written_is_read_back_with_all_that_is_known_about_it()
    {
        using var ring = new BurstRing(Capacity);
        byte[] payload = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

        Assert.That(ring.TryWrite(payload, 40, 3, 123456789, 0x7F000001, 4711), Is.True);
        ring.Publish();

        BurstDescriptor d = ring[ring.ReleasedIndex];
        ring.Payload(d.Position, d.End, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second);
        byte[] read = [.. first, .. second];
        Assert.Multiple(() =>
        {
            Assert.That(ring.PublishedIndex - ring.ReleasedIndex, Is.EqualTo(1));
            Assert.That(read, Is.EqualTo(payload));
            Assert.That((d.Length, d.SegmentSize, d.Count), Is.EqualTo((100, 40, 3)));
            Assert.That((d.ReceiveTimeNs, d.Source, (int)d.SourcePort), Is.EqualTo((123456789L, 0x7F000001u, 4711)));
        });
    }

    [Test]
    public void Nothing_is_visible_before_it_is_published()
    {
        using var ring = new BurstRing(Capacity);
        ring.TryWrite(new byte[10], 10, 1, 0, 0, 0);
        Assert.That(ring.PublishedIndex, Is.Zero);
        ring.Publish();
        Assert.That(ring.PublishedIndex, Is.EqualTo(1));
    }

    [Test]
    public void A_burst_that_does_not_fit_is_refused_and_the_ring_holds_its_whole_capacity()
    {
        using var ring = new BurstRing(Capacity);
        Assert.That(ring.TryWrite(new byte[Capacity - 10], 1000, 66, 0, 0, 0), Is.True);
        Assert.That(ring.TryWrite(new byte[11], 11, 1, 0, 0, 0), Is.False);
        Assert.That(ring.TryWrite(new byte[10], 10, 1, 0, 0, 0), Is.True);
        Assert.That(ring.TryWrite(new byte[1], 1, 1, 0, 0, 0), Is.False);
    }

    [Test]
    public void Small_bursts_fill_the_descriptors_first()
    {
        using var ring = new BurstRing(Capacity);
        int written = 0;
        while (ring.TryWrite(new byte[1], 1, 1, 0, 0, 0))
            written++;
        Assert.That(written, Is.EqualTo(Capacity / 128));
    }

    [Test]
    public void Released_memory_is_used_again_and_a_burst_may_wrap_around_the_end()
    {
        using var ring = new BurstRing(Capacity);
        byte[] a = [.. Enumerable.Repeat((byte)1, 40_000)], b = [.. Enumerable.Range(0, 30_000).Select(i => (byte)i)];
        ring.TryWrite(a, a.Length, 1, 0, 0, 0);
        ring.TryWrite(new byte[20_000], 20_000, 1, 0, 0, 0);
        ring.Publish();
        ring.Release(1);

        Assert.That(ring.TryWrite(b, b.Length, 1, 0, 0, 0), Is.True);
        ring.Publish();

        BurstDescriptor d = ring[2];
        ring.Payload(d.Position, d.End, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second);
        Assert.That(second.Length, Is.EqualTo(40_000 + 20_000 + 30_000 - Capacity));
        byte[] read = [.. first, .. second];
        Assert.That(read, Is.EqualTo(b));
    }

    [Test]
    public void An_empty_ring_past_its_half_starts_over_at_its_first_byte_and_loses_no_room()
    {
        using var ring = new BurstRing(Capacity);
        ring.TryWrite(new byte[Capacity / 2 + 1], Capacity, 1, 0, 0, 0);
        ring.Publish();
        ring.Release(1);

        ring.TryWrite(new byte[10], 10, 1, 0, 0, 0);
        ring.Publish();

        Assert.Multiple(() =>
        {
            Assert.That(ring[1].Position % Capacity, Is.Zero);
            Assert.That(ring.UsedBytes, Is.EqualTo(10));
            Assert.That(ring.TryWrite(new byte[Capacity - 10], Capacity, 1, 0, 0, 0), Is.True, "all but the ten bytes is free");
        });
    }

    [Test]
    public void A_ring_that_holds_something_does_not_start_over()
    {
        using var ring = new BurstRing(Capacity);
        ring.TryWrite(new byte[Capacity / 2 + 1], Capacity, 1, 0, 0, 0);
        ring.Publish();
        ring.TryWrite(new byte[10], 10, 1, 0, 0, 0);
        ring.Publish();
        Assert.That(ring[1].Position, Is.EqualTo(ring[0].End));
    }

    [TestCase(0)]
    [TestCase(BurstRing.MinCapacity - 1)]
    [TestCase(BurstRing.MinCapacity + 1)]
    [TestCase(BurstRing.MinCapacity * 3)]
    public void A_capacity_that_is_no_power_of_two_in_range_is_refused(int capacity) =>
        Assert.That(() => new BurstRing(capacity).Dispose(), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void A_wait_ends_when_the_time_is_over()
    {
        using var ring = new BurstRing(Capacity);
        ring.Wait(1, TimeSpan.FromMilliseconds(1));
        Assert.That(ring.PublishedIndex, Is.Zero);
    }

    [Test]
    public async Task A_wait_ends_when_its_bytes_are_there()
    {
        using var ring = new BurstRing(Capacity);
        Task waiting = Task.Run(() => ring.Wait(100, Timeout.InfiniteTimeSpan));
        ring.TryWrite(new byte[100], 100, 1, 0, 0, 0);
        ring.Publish();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(ring.UsedBytes, Is.EqualTo(100));
    }

    [Test]
    public async Task A_wait_for_more_bytes_than_fit_ends_when_half_the_descriptors_are_used()
    {
        using var ring = new BurstRing(Capacity);
        Task waiting = Task.Run(() => ring.Wait(Capacity, Timeout.InfiniteTimeSpan));
        for (int i = 0; i < Capacity / 256; i++)
            ring.TryWrite(new byte[1], 1, 1, 0, 0, 0);
        ring.Publish();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(ring.PublishedIndex, Is.EqualTo(Capacity / 256));
    }

    [Test]
    public async Task A_wait_ends_when_the_ring_is_completed()
    {
        using var ring = new BurstRing(Capacity);
        Task waiting = Task.Run(() => ring.Wait(1, Timeout.InfiniteTimeSpan));
        ring.Complete();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(ring.IsCompleted, Is.True);
    }
}
