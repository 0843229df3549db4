using System.Buffers.Binary;
using System.Text;
using SpeedData.Core.Sockets;

namespace SpeedData.Tests.Sockets;

public sealed class QueueDumpTests
{
    private const int NewQdisc = 36, Done = 3, Error = 2;

    [TestCase("noqueue")]
    [TestCase("pfifo_fast")]
    [TestCase("fq_codel")]
    [TestCase("mq")]
    public void A_queue_that_never_splits_a_message_is_harmless(string kind)
    {
        Assert.That(Read([.. Queue(kind, 2), .. Message(Done, [0, 0, 0, 0])]), Is.Null);
    }

    [TestCase("tbf")]
    [TestCase("netem")]
    [TestCase("cake")]
    [TestCase("of_next_year")]
    public void Any_other_queue_is_named_with_its_interface(string kind)
    {
        Assert.That(Read([.. Queue("noqueue", 1), .. Queue(kind, 7), .. Queue("fq", 8)]), Is.EqualTo((kind, 7)));
    }

    [Test]
    public void A_refusal_is_reported_with_its_error_number() =>
        Assert.That(() => Read(Message(Error, [.. BitConverter.GetBytes(-1), .. new byte[16]])), Throws.TypeOf<InvalidDataException>().With.Message.Contains("error 1"));

    [Test]
    public void An_answer_cut_at_any_byte_is_an_error_or_names_no_kind()
    {
        byte[] whole = Queue("tbf", 3);
        for (int length = 16; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.That(() => Read(cut), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        }
    }

    [Test]
    [Platform("Linux")]
    public void The_kernel_lists_its_queues()
    {
        using var watch = new QueueWatch();
        Assert.That(watch.WhyNot, Is.Null.Or.Contains("queueing discipline "));
    }

    private static (string Kind, int Interface)? Read(byte[] answer)
    {
        (string, int)? splitting = null;
        var reader = new NetlinkReader(answer);
        while (reader.MoveNext() && !reader.IsDone)
            splitting ??= QueueDump.Splitting(reader.Type, reader.Body);
        return splitting;
    }

    private static byte[] Queue(string kind, int interfaceIndex)
    {
        var message = new byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), interfaceIndex);
        byte[] text = [.. Encoding.ASCII.GetBytes(kind), 0];
        byte[] attribute = [.. BitConverter.GetBytes((ushort)(4 + text.Length)), 1, 0, .. text];
        return Message(NewQdisc, [.. message, .. Padded(attribute)]);
    }

    private static byte[] Message(int type, byte[] body) =>
        [.. BitConverter.GetBytes(16 + body.Length), .. BitConverter.GetBytes((ushort)type), .. new byte[10], .. body];

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];
}
