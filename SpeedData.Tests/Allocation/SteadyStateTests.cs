using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Allocation;

/// <summary>Runs alone, because it measures the allocations of all threads.</summary>
[NonParallelizable]
public sealed class SteadyStateTests
{
    private const int Datagrams = 10_000, MostRounds = 30;

    [TestCase(ArchiveCodec.Null, 0, DecimationAlgorithm.Downsample)]
    [TestCase(ArchiveCodec.Zstandard, 0, DecimationAlgorithm.Downsample)]
    [TestCase(ArchiveCodec.Null, 0, DecimationAlgorithm.Average)]
    [TestCase(ArchiveCodec.Null, 3, DecimationAlgorithm.Rms)]
    [TestCase(ArchiveCodec.Null, 0, DecimationAlgorithm.MinMax)]
    public void Nothing_is_allocated_per_datagram_from_socket_to_file_and_streams(ArchiveCodec codec, int invalidOfTen, DecimationAlgorithm algorithm)
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver(), decimated = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full, decimated);
        options = options with
        {
            Archive = options.Archive with { Codec = codec },
            Decimated = options.Decimated with { Algorithm = algorithm, MaxWindow = TimeSpan.FromSeconds(1) },
        };
        Channel channel = fleet.Supervisor.Add(options);
        byte[] valid = Records.Encode(1), invalid = Records.Encode(1)[..^1];
        var to = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, options.Port).Serialize();

        // One-time allocations (code, growing buffers, a timer, messages of the test host) fall into some rounds; allocations per
        // datagram into every round. A block may allocate a little; one byte per datagram would be 10,000.
        const long Allowed = Datagrams / 2;
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least >= Allowed; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Exchange(Datagrams);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.That(least, Is.LessThan(Allowed), $"{(double)least / Datagrams:F3} bytes per datagram");

        // Polls with plain loops, since Eventually would allocate.
        void Exchange(int count)
        {
            long goal = channel.Counters.Receive.Read().Received + count;
            for (int i = 0; i < count; i++)
            {
                fleet.Sender.SendTo(i % 10 < invalidOfTen ? invalid : valid, SocketFlags.None, to);
                while (i % 500 == 499 && channel.Counters.Receive.Read().Received < goal - count + i + 1)
                    Thread.Sleep(1);
            }

            while (channel.Counters.Receive.Read().Received < goal)
                Thread.Sleep(1);
        }
    }

    [Test]
    public void Refused_datagrams_allocate_nothing_either() => Nothing_is_allocated_per_datagram_from_socket_to_file_and_streams(ArchiveCodec.Null, 10, DecimationAlgorithm.Downsample);
}
