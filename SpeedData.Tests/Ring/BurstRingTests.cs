using SpeedData.Core.Ring;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Ring;

public sealed class BurstRingTests
{
    private const int Capacity = BurstRing.MinCapacity, Chunk = Capacity / 2;

    [Test]
    public void A_burst_is_read_back_with_all_its_metadata()
    {
        using BurstRing ring = Create();
        byte[] payload = Numbers(100);

        Assert.That(ring.TryWrite(payload, 40, 3, 123456789, SourceAddress.IPv4(0x7F000001, 4711), 0), Is.True);
        ring.Publish();

        BurstDescriptor d = ring[ring.ReleasedIndex];
        Assert.Multiple(() =>
        {
            Assert.That(ring.PublishedIndex - ring.ReleasedIndex, Is.EqualTo(1));
            Assert.That(Read(ring, 0), Is.EqualTo(payload));
            Assert.That(((int)d.Length, (int)d.SegmentSize, (int)d.Count), Is.EqualTo((100, 40, 3)));
            Assert.That((d.ReceiveTimeNs, ring.Sources[d.Source]), Is.EqualTo((123456789L, SourceAddress.IPv4(0x7F000001, 4711))));
        });
    }

    [Test]
    public void Nothing_is_visible_before_it_is_published()
    {
        using BurstRing ring = Create();
        Write(ring, 10);
        Assert.That(ring.PublishedIndex, Is.Zero);
        ring.Publish();
        Assert.That(ring.PublishedIndex, Is.EqualTo(1));
    }

    [Test]
    public void A_burst_that_does_not_fit_is_refused_and_the_ring_holds_its_full_capacity()
    {
        using BurstRing ring = Create();
        Assert.That(Write(ring, 60_000), Is.True);
        Assert.That(Write(ring, Chunk - 60_000), Is.True);
        Assert.That(Write(ring, Chunk - 10), Is.True);
        Assert.That(Write(ring, 11), Is.False);
        Assert.That(Write(ring, 10), Is.True);
        Assert.That(Write(ring, 1), Is.False);
    }

    [Test]
    public void A_burst_that_crosses_the_end_of_a_chunk_is_split_between_datagrams()
    {
        using BurstRing ring = Create();
        Write(ring, Chunk - 1000);
        byte[] payload = Numbers(2300);
        Assert.That(ring.TryWrite(payload, 300, 8, 5, SourceAddress.IPv4(6, 7), 0), Is.True);
        ring.Publish();

        Assert.Multiple(() =>
        {
            Assert.That(ring.PublishedIndex, Is.EqualTo(3));
            Assert.That(((int)ring[1].Length, (int)ring[1].Count), Is.EqualTo((900, 3)));
            Assert.That(((int)ring[2].Length, (int)ring[2].Count), Is.EqualTo((1400, 5)));
            Assert.That((ring[2].ReceiveTimeNs, ring.Sources[ring[2].Source], (int)ring[2].SegmentSize), Is.EqualTo((5L, SourceAddress.IPv4(6, 7), 300)));
            Assert.That(ring[2].Offset, Is.EqualTo(Chunk));
            Assert.That(Read(ring, 1).Concat(Read(ring, 2)), Is.EqualTo(payload));
        });
    }

    [Test]
    public void A_burst_whose_second_part_finds_no_chunk_is_refused_completely()
    {
        using BurstRing ring = Create();
        Write(ring, Chunk - 10);
        Write(ring, Chunk - 1000);
        ring.Publish();
        Assert.That(ring.TryWrite(new byte[1200], 300, 4, 0, SourceAddress.IPv4(1, 1), 0), Is.False);
        ring.Publish();
        Assert.That(ring.PublishedIndex, Is.EqualTo(2));
    }

    [Test]
    public void Small_bursts_fill_the_descriptors_first()
    {
        using BurstRing ring = Create();
        int written = 0;
        while (Write(ring, 1))
            written++;
        Assert.That(written, Is.EqualTo(Capacity / 128));
    }

    [Test]
    public void Released_chunks_are_reused_latest_first()
    {
        const int Burst = 50_000; // one fits a chunk, two do not
        using var ring = new BurstRing(4 * Chunk, Chunk);
        for (int i = 0; i < 4; i++)
            Write(ring, Burst);
        ring.Publish();
        ring.Release(2);
        Write(ring, Burst);
        Write(ring, Burst);
        Assert.That(Write(ring, Burst), Is.False);
        ring.Publish();

        Assert.That(Enumerable.Range(0, 6).Select(i => ring[i].Offset / Chunk), Is.EqualTo([0, 1, 2, 3, 1, 0]));
    }

    [Test]
    public void A_consumer_that_keeps_up_leaves_the_rest_of_the_memory_untouched()
    {
        using var ring = new BurstRing(8 * Chunk, Chunk);
        var offsets = new HashSet<int>();
        for (int i = 0; i < 100; i++)
        {
            Write(ring, Chunk / 2);
            ring.Publish();
            offsets.Add(ring[i].Offset / Chunk);
            ring.Release(i);
        }

        Assert.That(offsets, Is.EquivalentTo([0, 1]));
    }

    [Test]
    public void An_empty_ring_past_half_of_its_chunk_starts_the_chunk_over()
    {
        using BurstRing ring = Create();
        Write(ring, (Chunk / 2) + 1);
        ring.Publish();
        ring.Release(1);
        Write(ring, 10);
        ring.Publish();

        Assert.Multiple(() =>
        {
            Assert.That(ring[1].Offset, Is.Zero);
            Assert.That(ring.UsedBytes, Is.EqualTo(10));
            Assert.That(Write(ring, Chunk - 10), Is.True, "the rest of the chunk is free");
            Assert.That(ring[2].Offset, Is.EqualTo(10));
        });
    }

    [Test]
    public void A_ring_that_holds_something_does_not_start_over()
    {
        using BurstRing ring = Create();
        Write(ring, (Chunk / 2) + 1);
        ring.Publish();
        Write(ring, 10);
        ring.Publish();
        Assert.That(ring[1].Offset, Is.EqualTo((Chunk / 2) + 1));
    }

    [Test]
    public void A_run_as_large_as_a_block_is_in_at_most_two_pieces()
    {
        using var ring = new BurstRing(1 << 20, 100_000);
        Assert.That(ring.MaxRun, Is.EqualTo(128 << 10));
    }

    [Test]
    public void A_length_above_the_largest_datagram_is_an_error_of_the_caller() =>
        Assert.That(
            () =>
            {
                using BurstRing ring = Create();
                Write(ring, BurstRing.MaxBurst + 1);
            },
            Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(0)]
    [TestCase(BurstRing.MinCapacity - 1)]
    [TestCase(BurstRing.MinCapacity + 1)]
    [TestCase(BurstRing.MinCapacity * 3)]
    public void A_capacity_that_is_not_a_power_of_two_in_range_is_refused(int capacity) =>
        Assert.That(() => new BurstRing(capacity, 4096).Dispose(), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void A_wait_ends_at_its_timeout()
    {
        using BurstRing ring = Create();
        ring.Wait(1, TimeSpan.FromMilliseconds(1));
        Assert.That(ring.PublishedIndex, Is.Zero);
    }

    [Test]
    public async Task A_wait_ends_when_its_bytes_are_available()
    {
        using BurstRing ring = Create();
        Task waiting = Task.Run(() => ring.Wait(100, Timeout.InfiniteTimeSpan));
        Write(ring, 100);
        ring.Publish();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(ring.UsedBytes, Is.EqualTo(100));
    }

    [Test]
    public async Task A_wait_for_more_bytes_than_fit_ends_when_half_the_descriptors_are_used()
    {
        using BurstRing ring = Create();
        Task waiting = Task.Run(() => ring.Wait(Capacity, Timeout.InfiniteTimeSpan));
        for (int i = 0; i < Capacity / 256; i++)
            Write(ring, 1);
        ring.Publish();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(ring.PublishedIndex, Is.EqualTo(Capacity / 256));
    }

    [Test]
    public async Task A_wait_ends_when_the_ring_is_completed()
    {
        using BurstRing ring = Create();
        Task waiting = Task.Run(() => ring.Wait(1, Timeout.InfiniteTimeSpan));
        ring.Complete();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(ring.IsCompleted, Is.True);
    }

    private static BurstRing Create() => new(Capacity, 4096);

    private static bool Write(BurstRing ring, int length) => ring.TryWrite(new byte[length], length, 1, 0, SourceAddress.IPv4(1, 1), 0);

    private static byte[] Read(BurstRing ring, long index) => ring.Payload(ring[index].Offset, ring[index].Length).ToArray();

    private static byte[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];
}
