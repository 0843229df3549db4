using System.Buffers.Binary;
using SpeedData.Core.Ring;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Stress;

/// <summary>Sends millions of datagrams from one thread to another: each arrives once, in order, and unchanged.</summary>
public sealed class RingUnderTwoThreadsTests
{
    [TestCase(4_000_000, 16, 1, 1)]
    [TestCase(2_000_000, 104, 60, 4096)]
    [TestCase(1_000_000, 1400, 40, 60_000)]
    [TestCase(50_000, 60_000, 1, 60_000)]
    public void Every_datagram_arrives_once_in_order_and_unchanged(int datagrams, int size, int mostPerBurst, int waitBytes)
    {
        using var ring = new BurstRing(256 << 10, 64 << 10);
        Exception? failed = null;
        var consumer = new Thread(() =>
        {
            try
            {
                Consume(ring, datagrams, waitBytes);
            }
            catch (Exception e)
            {
                failed = e;
                ring.Release(ring.PublishedIndex);
            }
        });
        consumer.Start();
        int refused = Produce(ring, datagrams, size, mostPerBurst, () => failed is null);
        consumer.Join();
        Assert.That(failed, Is.Null, $"{refused} times full");
    }

    private static int Produce(BurstRing ring, int datagrams, int size, int mostPerBurst, Func<bool> goOn)
    {
        var payload = new byte[size * mostPerBurst];
        int refused = 0, bursts = 0;
        for (int next = 0; next < datagrams && goOn(); bursts++)
        {
            int count = Math.Min(datagrams - next, 1 + (int)(bursts * 2654435761u % (uint)mostPerBurst));
            for (int i = 0; i < count; i++, next++)
            {
                Span<byte> datagram = payload.AsSpan(i * size, size);
                BinaryPrimitives.WriteInt64LittleEndian(datagram, next);
                BinaryPrimitives.WriteInt64LittleEndian(datagram[^8..], ~(long)next);
            }

            while (!ring.TryWrite(payload.AsSpan(0, count * size), size, count, bursts, SourceOf(bursts), 0) && goOn())
            {
                ring.Publish();
                refused++;
                Thread.Yield();
            }

            if (bursts % 7 == 0)
                ring.Publish();
        }

        ring.Publish();
        ring.Complete();
        return refused;
    }

    private static void Consume(BurstRing ring, int datagrams, int waitBytes)
    {
        long next = 0;
        while (true)
        {
            bool completed = ring.IsCompleted;
            long published = ring.PublishedIndex;
            if (published == ring.ReleasedIndex)
            {
                if (completed)
                    break;
                ring.Wait(waitBytes, TimeSpan.FromMilliseconds(2));
                continue;
            }

            for (long index = ring.ReleasedIndex; index < published; index++)
                next = Verify(ring, in ring[index], next);
            ring.Release(published);
        }

        if (next != datagrams)
            throw new InvalidOperationException($"{next} of {datagrams} datagrams arrived");
    }

    /// <summary>Draws more senders than the ring has places for. Most send once; one sends again and again.</summary>
    private static SourceAddress SourceOf(long burst) => burst % 3 == 0 ? SourceAddress.IPv4(1, 1) : SourceAddress.IPv4((uint)burst, (ushort)burst);

    private static bool IsFrom(SourceAddress source, long burst) => source == SourceOf(burst) || source == SourceAddress.Unknown;

    private static long Verify(BurstRing ring, ref readonly BurstDescriptor burst, long next)
    {
        ReadOnlySpan<byte> payload = ring.Payload(burst.Offset, burst.Length);
        if (burst.Length != burst.Count * burst.SegmentSize || !IsFrom(ring.Sources[burst.Source], burst.ReceiveTimeNs))
            throw new InvalidOperationException($"the burst at datagram {next} is not what was written");
        for (int at = 0; at < payload.Length; at += burst.SegmentSize, next++)
        {
            ReadOnlySpan<byte> datagram = payload.Slice(at, burst.SegmentSize);
            if (BinaryPrimitives.ReadInt64LittleEndian(datagram) != next || BinaryPrimitives.ReadInt64LittleEndian(datagram[^8..]) != ~next)
                throw new InvalidOperationException($"datagram {next} is not what was written");
        }

        return next;
    }
}
