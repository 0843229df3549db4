namespace SpeedData.Core.Archive;

/// <summary>Whole bursts of the ring that become one block of the file.</summary>
/// <param name="FirstIndex">Index of its first burst.</param>
/// <param name="EndIndex">Index behind its last burst.</param>
/// <param name="First">Where its bytes lie.</param>
/// <param name="Second">Where the rest of them lies; empty if they lie together.</param>
/// <param name="Datagrams">How many it holds.</param>
/// <param name="FirstTimeNs">Unix time in ns at which its first datagram came.</param>
internal readonly record struct Block(long FirstIndex, long EndIndex, RingSpan First, RingSpan Second, long Datagrams, long FirstTimeNs)
{
    public int Length => First.Length + Second.Length;
}

/// <summary>Bytes that lie together in the ring's memory.</summary>
internal readonly record struct RingSpan(int Offset, int Length);

/// <summary>What one look at the ring found.</summary>
internal enum BlockReadiness
{
    /// <summary>Nothing to write; some time has passed.</summary>
    Waited,

    /// <summary>A block is closed.</summary>
    Closed,

    /// <summary>The ring is empty and nothing will follow.</summary>
    Drained,
}
