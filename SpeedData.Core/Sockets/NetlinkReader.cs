using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using SpeedData.Core.Native;

namespace SpeedData.Core.Sockets;

/// <summary>
/// Reads messages of the kernel's routing socket (netlink(7), rtnetlink(7)): a header with length, type and flags, a body whose length
/// depends on the type, and attributes. All are in host byte order, which is little-endian on the supported machines.
/// </summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    public const int HeaderBytes = 16, AttributeHeaderBytes = 4;

    private const ushort TypeError = 2, TypeDone = 3, RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP

    // The most that the kernel puts into one datagram of a dump.
    private const int AnswerBytes = 65_536;

    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>Receives a message: its type, and the bytes after the header.</summary>
    public delegate void Message(ushort type, ReadOnlySpan<byte> body);

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>Whether this message ends a dump.</summary>
    public readonly bool IsDone => Type == TypeDone;

    /// <summary>Moves to the next message.</summary>
    /// <returns>False at the end of the datagram.</returns>
    /// <exception cref="InvalidDataException">The kernel refused, or a message is cut short.</exception>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderBytes)
            return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        if (length < HeaderBytes || length > _rest.Length)
            throw new InvalidDataException("a netlink message is cut short");
        Type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]);
        Body = _rest[HeaderBytes..length];
        _rest = _rest[Math.Min(Aligned(length), _rest.Length)..];
        if (Type == TypeError)
            throw new InvalidDataException($"the kernel answered with error {(Body.Length >= sizeof(int) ? -BinaryPrimitives.ReadInt32LittleEndian(Body) : 0)}");
        return true;
    }

    /// <summary>Requests all objects of a kind, and passes on each message of the answer.</summary>
    /// <param name="socket">A socket from <see cref="Open"/>.</param>
    /// <param name="question">The type of the request, RTM_GET….</param>
    /// <param name="bodyBytes">Length of the request's body.</param>
    /// <param name="family">The address family; 0 for any.</param>
    /// <param name="each">Receives the messages.</param>
    /// <exception cref="InvalidDataException">The kernel refused, or the answer is cut short.</exception>
    /// <exception cref="SocketException">The kernel does not answer.</exception>
    public static void Dump(Socket socket, ushort question, int bodyBytes, byte family, Message each)
    {
        Span<byte> request = stackalloc byte[HeaderBytes + bodyBytes];
        request.Clear();
        WriteHeader(request, question, RequestDump);
        request[HeaderBytes] = family;
        socket.Send(request);
        byte[] answer = ArrayPool<byte>.Shared.Rent(AnswerBytes);
        try
        {
            while (HasMore(answer.AsSpan(0, socket.Receive(answer)), each))
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    /// <exception cref="IOException">The kernel refused, for example because the process has no descriptor left.</exception>
    public static Socket Open(uint groups = 0) => NetlinkCalls.Open(groups) is >= 0 and var fd
        ? new Socket(new SafeSocketHandle(fd, ownsHandle: true))
        : throw new IOException("the kernel gives no netlink socket");

    public static void WriteHeader(Span<byte> message, ushort type, ushort flags)
    {
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], flags);
    }

    /// <summary>Returns the value of an attribute; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        while (attributes.Length >= AttributeHeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeaderBytes || length > attributes.Length)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == wanted)
                return attributes[AttributeHeaderBytes..length];
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }

        return [];
    }

    private static bool HasMore(ReadOnlySpan<byte> datagram, Message each)
    {
        var reader = new NetlinkReader(datagram);
        while (reader.MoveNext())
        {
            if (reader.IsDone)
                return false;
            each(reader.Type, reader.Body);
        }

        return true;
    }

    private static int Aligned(int length) => (length + 3) & ~3;
}
