using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>What became of the datagrams given to a sender.</summary>
/// <param name="Sent">Accepted by the kernel's queue.</param>
/// <param name="Errors">Not accepted.</param>
public readonly record struct SendTally(long Sent, long Errors)
{
    public static SendTally operator +(SendTally a, SendTally b) => new(a.Sent + b.Sent, a.Errors + b.Errors);
}

/// <summary>
/// The way out of one stream. Runs on the receive thread; never waits, never throws for what the network or the kernel
/// does, allocates nothing.
/// </summary>
public unsafe interface IDatagramSender : IDisposable
{
    /// <summary>SO_SNDBUF in force, in bytes, without the kernel's doubling.</summary>
    int GrantedBufferBytes { get; }

    /// <summary>The configured way out, or what the routing table chose; null if it knows no way to a host.</summary>
    InterfaceBinding? Interface { get; }

    /// <summary>Any thread: what an operator should know about this way out, to be said once; null for nothing.</summary>
    string? Notice { get; }

    /// <summary>Any thread: since when, and why, the host at the other end gets nothing; null for a group, and while nothing is known against the host.</summary>
    Unreachable? Unreachable { get; }

    /// <summary>Adds datagrams of <paramref name="segmentSize"/> bytes (the last may be shorter). The memory must stay as it is until <see cref="Flush"/> returns.</summary>
    void Add(byte* payload, int length, int segmentSize);

    /// <summary>Gives everything added to the kernel, in order, and returns what became of it since the last call. Afterwards the sender is empty.</summary>
    SendTally Flush();
}
