using System.Runtime.InteropServices;
using SpeedData.Core.Schema;
using SpeedData.Core.Tap;

namespace SpeedData.Tests.Tap;

public sealed unsafe class TapRingTests
{
    private const int Capacity = 64 << 10;

    private static readonly RecordLayout Layout = RecordSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"n","type":"double"}]}""").Layout;

    [Test]
    public void Published_data_is_read_unchanged_however_often_the_memory_is_reused()
    {
        var ring = new TapRing(Capacity);
        var random = new Random(7);
        var inside = new Queue<byte[]>();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            long before = ring.Lost;
            Add(ring, bytes, bytes.Length, round);
            if (ring.Lost == before)
                inside.Enqueue(bytes);
            ring.Publish();
            for (int taken = random.Next(0, 3); taken > 0 && ring.First < ring.End; taken--)
            {
                TapBurst burst = ring[ring.First];
                Assert.That(ring.RecordOf(in burst, 0).SequenceEqual(inside.Dequeue()), Is.True);
                ring.Release(ring.First + 1);
            }
        }

        Assert.That(ring.Lost, Is.GreaterThan(0), "the ring was full at times");
        Assert.That(ring.End - ring.First, Is.EqualTo(inside.Count));
    }

    [Test]
    public void Data_that_does_not_fit_is_counted_and_queued_data_stays()
    {
        var ring = new TapRing(Capacity);
        byte[] half = new byte[Capacity / 2];
        Add(ring, half, 1_024, 1);
        Add(ring, half, 1_024, 2);
        Add(ring, half, 1_024, 3);
        ring.Publish();

        Assert.Multiple(() =>
        {
            Assert.That(ring.Lost, Is.EqualTo(Capacity / 2 / 1_024));
            Assert.That(ring.End - ring.First, Is.EqualTo(2));
            Assert.That(ring[ring.First].Count, Is.EqualTo(Capacity / 2 / 1_024));
            Assert.That(ring[ring.First + 1].ReceiveTimeNs, Is.EqualTo(2));
        });
    }

    [Test]
    public void Nothing_is_seen_before_it_is_published()
    {
        var ring = new TapRing(Capacity);
        Add(ring, new byte[8], 8, 1);

        Assert.That(ring.End, Is.EqualTo(ring.First));
    }

    [Test]
    public void Adding_allocates_nothing()
    {
        var ring = new TapRing(Capacity);
        byte[] bytes = GC.AllocateArray<byte>(256, pinned: true);
        Add(ring, bytes, 256, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Add(ring, bytes, 256, i);
            ring.Publish();
            ring.Release(ring.End);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Two_threads_lose_only_data_that_is_counted()
    {
        var ring = new TapRing(Capacity);
        const int Records = 300_000;
        long seen = 0, last = -1;
        bool inOrder = true;
        var producer = new Thread(() =>
        {
            byte[] bytes = new byte[64];
            for (int i = 0; i < Records; i++)
            {
                MemoryMarshal.Write(bytes, (long)i);
                Add(ring, bytes, 64, i);
                ring.Publish();
            }
        });
        producer.Start();
        bool ended = false;
        while (!ended)
        {
            ended = !producer.IsAlive;
            for (long end = ring.End; ring.First < end; ring.Release(ring.First + 1))
            {
                TapBurst burst = ring[ring.First];
                long number = MemoryMarshal.Read<long>(ring.RecordOf(in burst, 0));
                inOrder &= number > last && number == burst.ReceiveTimeNs;
                last = number;
                seen++;
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(inOrder, Is.True);
            Assert.That(seen + ring.Lost, Is.EqualTo(Records));
        });
    }

    private static void Add(TapRing ring, byte[] bytes, int segment, long time)
    {
        fixed (byte* first = bytes)
            ring.Add(first, bytes.Length, segment, time, Layout);
    }
}
