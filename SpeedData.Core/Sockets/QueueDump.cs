using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SpeedData.Core.Sockets;

/// <summary>
/// Reads the kernel's answers to RTM_GETQDISC: a struct tcmsg and attributes (linux/rtnetlink.h).
/// </summary>
internal static class QueueDump
{
    private const int TcMessageBytes = 20;
    private const ushort TypeNewQdisc = 36, TypeGetQdisc = 38;
    private const ushort AttributeKind = 1;

    // Each of these accepts or drops whole messages, and reports it: sch_fifo, sch_generic, sch_fq and the other enqueue functions.
    private static readonly HashSet<string> Whole =
        ["noqueue", "pfifo", "bfifo", "pfifo_fast", "pfifo_head_drop", "fq", "fq_codel", "codel", "mq", "mqprio", "prio", "ingress", "clsact"];

    /// <summary>Requests every queueing discipline of the network namespace.</summary>
    /// <returns>The first discipline that may split a message, with its interface; null if none may.</returns>
    /// <exception cref="InvalidDataException">The kernel refused, or the answer is cut short.</exception>
    public static (string Kind, int Interface)? Ask(Socket socket)
    {
        (string Kind, int Interface)? splitting = null;
        NetlinkReader.Dump(socket, TypeGetQdisc, TcMessageBytes, family: 0, (type, body) => splitting ??= Splitting(type, body));
        return splitting;
    }

    /// <summary>Returns the discipline that a message names, if it may split a message.</summary>
    internal static (string Kind, int Interface)? Splitting(ushort type, ReadOnlySpan<byte> message)
    {
        if (type != TypeNewQdisc || message.Length < TcMessageBytes)
            return null;
        ReadOnlySpan<byte> value = NetlinkReader.Attribute(message[TcMessageBytes..], AttributeKind);
        string kind = value.IsEmpty ? "of no name" : Encoding.ASCII.GetString(value.TrimEnd((byte)0));
        return Whole.Contains(kind) ? null : (kind, BinaryPrimitives.ReadInt32LittleEndian(message[4..]));
    }
}
