using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>The results of the datagrams given to a sender.</summary>
/// <param name="Sent">The number of datagrams that the kernel accepted.</param>
/// <param name="Errors">The number of datagrams that it did not accept.</param>
public readonly record struct SendTally(long Sent, long Errors)
{
    public static SendTally operator +(SendTally a, SendTally b) => new(a.Sent + b.Sent, a.Errors + b.Errors);
}

/// <summary>
/// Sends one stream. Runs on the receive thread; never waits, never throws because of the network or the kernel, and allocates
/// nothing.
/// </summary>
public unsafe interface IDatagramSender : IDisposable
{
    /// <summary>The effective SO_SNDBUF in bytes, without the kernel's doubling.</summary>
    int GrantedBufferBytes { get; }

    /// <summary>The configured interface, or the routing table's choice; null if there is no route to a host.</summary>
    InterfaceBinding? Interface { get; }

    /// <summary>Any thread: what an operator should know about this sender, reported once; null for nothing.</summary>
    string? Notice { get; }

    /// <summary>
    /// Any thread: since when and why the receiving host gets nothing; null for a group, and while no fault of the host is known.
    /// </summary>
    Unreachable? Unreachable { get; }

    /// <summary>
    /// Adds datagrams of <paramref name="segmentSize"/> bytes; the last may be shorter. Their memory must stay unchanged until
    /// <see cref="Flush"/> returns.
    /// </summary>
    void Add(byte* payload, int length, int segmentSize);

    /// <summary>
    /// Hands everything added to the kernel, in order, and returns the results since the last call. Afterwards the sender is empty.
    /// </summary>
    SendTally Flush();
}
