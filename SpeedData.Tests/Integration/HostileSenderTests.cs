using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

public sealed class HostileSenderTests
{
    [Test]
    public void All_mutated_and_random_datagrams_are_counted_and_all_valid_ones_arrive()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);
        var random = new Random(4242);
        long sent = 0;
        int marks = 0;
        var relayed = new List<byte[]>();
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < 100; i++, sent++)
                fleet.Send(options, Mutate(random, Records.Encode(random.Next())));
            fleet.Send(options, Mark(marks++));
            sent++;
            // Waits for the ledger, so that the kernel drops no datagram.
            Eventually.True(() => channel.Counters.Snapshot().Receive.Received == sent, "all datagrams of the round are received");
            relayed.AddRange(full.TakeQueued());
        }

        LedgerSnapshot ledger = Fleet.Settled(channel, sent);
        fleet.Stop();
        relayed.AddRange(full.TakeQueued());
        Fleet.AssertLedger(channel);
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.Received, Is.EqualTo(sent));
            Assert.That(ledger.Receive.Invalid, Is.GreaterThan(sent / 2));
            Assert.That(relayed, Has.Count.EqualTo(ledger.Receive.FullRelayed));
            Assert.That(relayed.Where(IsMark).Select(d => Records.Counter(d)), Is.EqualTo(Enumerable.Range(0, marks)));
            Assert.That(fleet.Archived("alpha"), Has.Count.EqualTo(ledger.Writer.Archived));
        });
    }

    private static byte[] Mark(int n) => Records.Encode(n, time: 77);

    private static bool IsMark(byte[] datagram) => Records.Encode(Records.Counter(datagram), time: 77).AsSpan().SequenceEqual(datagram);

    private static byte[] Mutate(Random random, byte[] record)
    {
        switch (random.Next(5))
        {
            case 0:
                record[random.Next(record.Length)] ^= (byte)(1 << random.Next(8));
                return record;
            case 1:
                return record[..random.Next(record.Length)];
            case 2:
                return [.. record, (byte)random.Next(256)];
            case 3:
                byte[] noise = new byte[random.Next(2000)];
                random.NextBytes(noise);
                return noise;
            default:
                return [.. record[..9], 0xFF, .. record[9..]];
        }
    }
}
