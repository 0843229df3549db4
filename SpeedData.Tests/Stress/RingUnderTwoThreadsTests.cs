using System.Buffers.Binary;
using SpeedData.Core.Ring;

namespace SpeedData.Tests.Stress;

/// <summary>Millions of bursts from one thread to another: each arrives once, in order, with its own bytes.</summary>
public sealed class RingUnderTwoThreadsTests
{
    [TestCase(4_000_000, 16, 8, 1)]
    [TestCase(1_000_000, 16, 1500, 4096)]
    [TestCase(50_000, 8000, 65_000, 60_000)]
    public void Every_burst_arrives_once_in_order_and_unharmed(int bursts, int smallest, int spread, int blockBytes)
    {
        using var ring = new BurstRing(256 << 10);
        Exception? failed = null;
        var consumer = new Thread(() =>
        {
            try
            {
                Consume(ring, bursts, smallest, spread, blockBytes);
            }
            catch (Exception e)
            {
                failed = e;
                ring.Release(ring.PublishedIndex);
            }
        });
        consumer.Start();

        var payload = new byte[smallest + spread];
        int refused = 0;
        for (int i = 0; i < bursts && failed is null; i++)
        {
            int length = LengthOf(i, smallest, spread);
            BinaryPrimitives.WriteInt64LittleEndian(payload, i);
            BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(length - 8), ~(long)i);
            while (!ring.TryWrite(payload.AsSpan(0, length), length, 1, i, (uint)i, (ushort)i))
            {
                ring.Publish();
                refused++;
                Thread.Yield();
                if (failed is not null)
                    break;
            }

            if (i % 7 == 0)
                ring.Publish();
        }

        ring.Publish();
        ring.Complete();
        consumer.Join();
        Assert.That(failed, Is.Null, $"{refused} times full");
    }

    private static int LengthOf(int i, int smallest, int spread) => smallest + (int)(i * 2654435761u % (uint)spread);

    private static void Consume(BurstRing ring, int bursts, int smallest, int spread, int blockBytes)
    {
        long next = 0;
        while (true)
        {
            bool completed = ring.IsCompleted;
            long published = ring.PublishedIndex;
            if (published == next)
            {
                if (completed)
                    break;
                ring.Wait(blockBytes, TimeSpan.FromMilliseconds(2));
                continue;
            }

            for (; next < published; next++)
                Verify(ring, next, LengthOf((int)next, smallest, spread));
            ring.Release(next);
        }

        if (next != bursts)
            throw new InvalidOperationException($"{next} of {bursts} bursts arrived");
    }

    private static void Verify(BurstRing ring, long index, int length)
    {
        BurstDescriptor d = ring[index];
        ring.Payload(d.Position, d.End, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second);
        Span<byte> ends = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
        {
            int at = i < 8 ? i : d.Length - 16 + i;
            ends[i] = at < first.Length ? first[at] : second[at - first.Length];
        }

        bool whole = d.Length == length && first.Length + second.Length == length && d.ReceiveTimeNs == index && d.SourcePort == (ushort)index
            && BinaryPrimitives.ReadInt64LittleEndian(ends) == index && BinaryPrimitives.ReadInt64LittleEndian(ends[8..]) == ~index;
        if (!whole)
            throw new InvalidOperationException($"burst {index} is not what was written: length {d.Length} for {length}, time {d.ReceiveTimeNs}");
    }
}
