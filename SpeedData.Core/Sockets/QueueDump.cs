using System.Buffers.Binary;
using System.Text;

namespace SpeedData.Core.Sockets;

/// <summary>
/// Reads what the kernel answers to RTM_GETQDISC: messages of a header (linux/netlink.h), a struct tcmsg and attributes
/// (linux/rtnetlink.h), all in host byte order, which on the machines that batch is little-endian.
/// </summary>
internal static class QueueDump
{
    private const int HeaderBytes = 16, TcMessageBytes = 20, AttributeHeaderBytes = 4;
    private const int TypeError = 2, TypeDone = 3, TypeNewQdisc = 36, TypeGetQdisc = 38;
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const ushort AttributeKind = 1;

    // Each of them takes or drops a message whole, and says so: sch_fifo, sch_generic, sch_fq and the others' enqueue functions.
    private static readonly HashSet<string> Whole =
        ["noqueue", "pfifo", "bfifo", "pfifo_fast", "pfifo_head_drop", "fq", "fq_codel", "codel", "mq", "mqprio", "prio", "ingress", "clsact"];

    /// <summary>Asks for every queueing discipline of the network namespace.</summary>
    public static byte[] Request()
    {
        var request = new byte[HeaderBytes + TcMessageBytes];
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(4), TypeGetQdisc);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(6), RequestDump);
        return request;
    }

    /// <summary>Looks through one datagram of the answer.</summary>
    /// <param name="answer">As received.</param>
    /// <param name="splitting">The first discipline that may take a message apart, with its interface; else as it was.</param>
    /// <returns>Whether more is to come.</returns>
    /// <exception cref="InvalidDataException">The kernel refused, or the answer is cut short.</exception>
    public static bool Read(ReadOnlySpan<byte> answer, ref (string Kind, int Interface)? splitting)
    {
        while (answer.Length >= HeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(answer);
            if (length < HeaderBytes || length > answer.Length)
                throw new InvalidDataException("a netlink message is cut short");
            int type = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]);
            if (type == TypeDone)
                return false;
            if (type == TypeError)
                throw new InvalidDataException($"the kernel answered with error {-BinaryPrimitives.ReadInt32LittleEndian(answer[HeaderBytes..])}");
            if (type == TypeNewQdisc && length >= HeaderBytes + TcMessageBytes)
                splitting ??= Splitting(answer[HeaderBytes..length]);
            answer = answer[Math.Min(Aligned(length), answer.Length)..];
        }

        return true;
    }

    private static (string Kind, int Interface)? Splitting(ReadOnlySpan<byte> message)
    {
        string kind = Kind(message[TcMessageBytes..]);
        return Whole.Contains(kind) ? null : (kind, BinaryPrimitives.ReadInt32LittleEndian(message[4..]));
    }

    private static string Kind(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= AttributeHeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeaderBytes || length > attributes.Length)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == AttributeKind)
                return Encoding.ASCII.GetString(attributes[AttributeHeaderBytes..length].TrimEnd((byte)0));
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }

        return "of no name";
    }

    private static int Aligned(int length) => (length + 3) & ~3;
}
