using System.Runtime.InteropServices;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Replay;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Replaying;

/// <summary>The order in which datagrams of several channels are handed to the kernel.</summary>
public sealed unsafe class ReplayOrderTests
{
    private static readonly RecordLayout Layout = Schemas.Layout(("counter", "\"int\""));

    private readonly List<int> _sent = [];

    [SetUp]
    public void Begin() => _sent.Clear();

    [Test]
    public void Channels_with_different_addresses_keep_the_order_of_time()
    {
        Replay(3, channels: 3, isLoose: false, senders: [new Sender(_sent), new Sender(_sent), new Sender(_sent)]);
        Assert.That(_sent, Is.EqualTo(Enumerable.Range(0, 300)));
    }

    [Test]
    public void At_full_speed_neighbours_are_sent_together_and_no_address_is_far_ahead()
    {
        Sender[] senders = [new(_sent), new(_sent), new(_sent)];
        Replay(3, channels: 3, isLoose: true, senders);
        Assert.Multiple(() =>
        {
            foreach (Sender sender in senders)
                Assert.That(_sent.Where(sender.Own.Contains), Is.Ordered);
            Assert.That(_sent, Is.EquivalentTo(Enumerable.Range(0, 300)));
            Assert.That(_sent.Select((number, place) => Math.Abs(number - place)), Has.All.LessThanOrEqualTo(ReplayOrder.MostApart));
            Assert.That(senders.Sum(sender => sender.Flushes), Is.LessThan(30));
        });
    }

    [Test]
    public void Channels_with_one_address_keep_their_order_and_their_own_counts()
    {
        var one = new Sender(_sent);
        RecordOutput[] outputs = Replay(3, channels: 3, isLoose: true, [one, one, new Sender(_sent)]);
        Assert.Multiple(() =>
        {
            Assert.That(_sent.Where(one.Own.Contains), Is.Ordered);
            Assert.That(outputs.Select(output => output.Full.Sent), Has.All.EqualTo(100));
        });
    }

    [Test]
    public void Records_of_a_single_channel_are_flushed_together()
    {
        var sender = new Sender(_sent);
        Replay(1, channels: 1, isLoose: true, [sender]);
        Assert.That(sender.Flushes, Is.EqualTo(1));
    }

    private static RecordOutput[] Replay(int step, int channels, bool isLoose, Sender[] senders)
    {
        RecordOutput[] outputs = [.. senders.Select((sender, i) => new RecordOutput(new ChannelOptions { Name = $"c{i}", Port = 1, SchemaPath = "" }, sender, null, TimeProvider.System))];
        var order = new ReplayOrder(outputs, isLoose);
        int* records = (int*)NativeMemory.Alloc((nuint)(100 * step), sizeof(int));
        for (int i = 0; i < 100 * step; i++)
        {
            records[i] = i;
            order.Use(i % channels);
            outputs[i % channels].Add(new ReadOnlySpan<byte>(records + i, sizeof(int)), Layout, i);
        }

        order.Flush();
        NativeMemory.Free(records);
        return outputs;
    }

    /// <summary>Notes the numbers of all senders in the order in which their datagrams are sent.</summary>
    private sealed class Sender(List<int> all) : IDatagramSender
    {
        private readonly List<int> _added = [];

        public HashSet<int> Own { get; } = [];

        public int Flushes { get; private set; }

        public int GrantedBufferBytes => 0;

        public InterfaceBinding? Interface => null;

        public string? Notice => null;

        public Unreachable? Unreachable => null;

        public void Add(byte* payload, int length, int segmentSize) => _added.Add(*(int*)payload);

        public SendTally Flush()
        {
            Flushes++;
            int count = _added.Count;
            all.AddRange(_added);
            Own.UnionWith(_added);
            _added.Clear();
            return new SendTally(count, 0);
        }

        public void Dispose()
        {
        }
    }
}
