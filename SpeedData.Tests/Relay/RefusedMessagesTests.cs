using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Native;
using SpeedData.Core.Relay;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Relay;

/// <summary>
/// Datagrams of messages that the kernel refuses. The tests use the real kernel where it can be made to refuse, else one with
/// prepared results.
/// </summary>
[Platform("Linux")]
public sealed unsafe class RefusedMessagesTests
{
    private const int Size = 100;

    private readonly byte[] _payload = new byte[64 * Size];

    [Test]
    public void With_a_full_buffer_the_rest_of_the_batch_counts_as_errors_and_is_not_retried()
    {
        var kernel = new Script([2, -Errno.Again]);
        using BatchedSender sender = kernel.Sender();
        Assert.Multiple(() =>
        {
            Assert.That(SendMessagesOf(sender, 3, 4, 5, 6), Is.EqualTo(new SendTally(7, 11)));
            Assert.That(kernel.Asked, Is.EqualTo(new[] { 4, 2 }));
        });
    }

    [TestCase(Errno.NoBufferSpace)]
    [TestCase(Errno.NotPermitted)]
    public void After_a_permanent_error_all_datagrams_of_the_message_count_and_the_next_message_is_sent(int errno)
    {
        var kernel = new Script([1, -errno, 2]);
        using BatchedSender sender = kernel.Sender();
        Assert.That(SendMessagesOf(sender, 3, 4, 5, 6), Is.EqualTo(new SendTally(14, 4)));
    }

    [Test]
    public void An_interruption_loses_nothing()
    {
        var kernel = new Script([-Errno.Interrupted, 2]);
        using BatchedSender sender = kernel.Sender();
        Assert.That(SendMessagesOf(sender, 3, 4), Is.EqualTo(new SendTally(7, 0)));
    }

    [TestCase(Errno.ConnectionRefused)]
    [TestCase(Errno.HostUnreachable)]
    [TestCase(Errno.NetUnreachable)]
    public void After_the_loss_of_an_earlier_datagram_all_are_sent_and_count_as_errors(int errno)
    {
        var kernel = new Script([-errno, 2]);
        using BatchedSender sender = kernel.Sender();
        Assert.Multiple(() =>
        {
            Assert.That(SendMessagesOf(sender, 3, 4), Is.EqualTo(new SendTally(0, 7)));
            Assert.That(kernel.Asked, Is.EqualTo(new[] { 2, 2 }));
            Assert.That(sender.Unreachable, Is.Not.Null);
        });
    }

    [Test]
    public void A_repeated_refusal_belongs_to_the_message_which_is_not_tried_a_third_time()
    {
        var kernel = new Script([-Errno.ConnectionRefused, -Errno.ConnectionRefused, 1]);
        using BatchedSender sender = kernel.Sender();
        Assert.That(SendMessagesOf(sender, 3, 4), Is.EqualTo(new SendTally(0, 7)));
        Assert.That(kernel.Asked, Is.EqualTo(new[] { 2, 2, 1 }));
    }

    [Test]
    public void A_device_that_cannot_segment_gets_single_datagrams_in_order_from_then_on()
    {
        var kernel = new Script([1, -Errno.InputOutput, 4, 1, 5]);
        using BatchedSender sender = kernel.Sender();
        Assert.Multiple(() =>
        {
            Assert.That(SendMessagesOf(sender, 3, 4, 1), Is.EqualTo(new SendTally(8, 0)));
            Assert.That(sender.Notice, Does.Contain("EIO"));
            Assert.That(SendMessagesOf(sender, 5), Is.EqualTo(new SendTally(5, 0)));
            Assert.That(kernel.Asked, Is.EqualTo(new[] { 3, 2, 4, 1, 5 }), "the message, its rest, its four datagrams, the last message, five single datagrams");
        });
    }

    [TestCase(Errno.MessageTooLarge)]
    [TestCase(Errno.InvalidArgument)]
    public void Sizes_that_cannot_be_segmented_are_sent_singly_and_smaller_ones_still_together(int errno)
    {
        var kernel = new Script([-errno, 4, 3, 1]);
        using BatchedSender sender = kernel.Sender();
        Assert.That(SendMessagesOf(sender, 4), Is.EqualTo(new SendTally(4, 0)));
        fixed (byte* p = _payload)
        {
            sender.Add(p, 3 * Size, Size);
            Assert.That(sender.Flush(), Is.EqualTo(new SendTally(3, 0)), "sent singly, without another attempt");
            sender.Add(p, 3 * (Size - 1), Size - 1);
            Assert.That(sender.Flush(), Is.EqualTo(new SendTally(3, 0)), "together");
        }

        Assert.That(kernel.Asked, Is.EqualTo(new[] { 1, 4, 3, 1 }));
    }

    [Test]
    public void A_single_datagram_that_is_refused_is_counted()
    {
        var kernel = new Script([-Errno.MessageTooLarge, -Errno.MessageTooLarge, 3]);
        using BatchedSender sender = kernel.Sender();
        Assert.That(SendMessagesOf(sender, 4), Is.EqualTo(new SendTally(3, 1)));
    }

    [TestCase(256)]
    [TestCase(1400)]
    [TestCase(1473)]
    [TestCase(8904)]
    public void With_an_MTU_of_1500_bytes_every_size_arrives_in_order_in_bursts_and_singly(int size) => OwnNetwork.Run(() =>
    {
        OwnNetwork.SetLoopbackMtu(1500);
        using Socket receiver = Udp.Receiver(IPAddress.Loopback, 0);
        using var sender = new BatchedSender(Way(receiver.Port()), () => null);
        var burst = new byte[7 * size];
        new Random(size).NextBytes(burst);
        SendTally tally = default;
        fixed (byte* p = burst)
        {
            for (int i = 0; i < 7; i++)
                sender.Add(p + (i * size), size, size);
            tally += sender.Flush();
            sender.Add(p, burst.Length, size);
            tally += sender.Flush();
        }

        byte[][] expected = [.. burst.Chunk(size)];
        Assert.Multiple(() =>
        {
            Assert.That(tally, Is.EqualTo(new SendTally(14, 0)));
            Assert.That(receiver.Take(14), Is.EqualTo(expected.Concat(expected)));
            Assert.That(sender.Notice, size > 1472 ? Does.Contain("MTU") : Is.Null);
        });
    });

    private static StreamSocket Way(int port) => StreamSocket.Open("FullRate", new StreamOptions { Address = IPAddress.Loopback, Port = port });

    /// <summary>Sends messages with these numbers of datagrams. The last datagram of each is shorter, which ends the message.</summary>
    private SendTally SendMessagesOf(BatchedSender sender, params int[] datagrams)
    {
        fixed (byte* p = _payload)
        {
            foreach (int count in datagrams)
                sender.Add(p, (count * Size) - (count == 1 ? 0 : 1), Size);
            return sender.Flush();
        }
    }

    /// <summary>A kernel that answers the calls with a list of prepared results.</summary>
    private sealed class Script(int[] answers)
    {
        private int _next;

        /// <summary>Number of messages that each call offered.</summary>
        public List<int> Asked { get; } = [];

        public BatchedSender Sender() => new(Way(9), () => null, (_, count) =>
        {
            Asked.Add(count);
            return answers[_next++];
        });
    }
}
