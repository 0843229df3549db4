namespace SpeedData.Core.Archive;

/// <summary>Whole bursts of the ring that become one block of the file.</summary>
/// <param name="FirstIndex">Index of the first burst.</param>
/// <param name="EndIndex">Index after the last burst.</param>
/// <param name="First">The first part of the block's bytes in the ring.</param>
/// <param name="Second">The rest of the bytes; empty if the block is in one piece.</param>
/// <param name="Datagrams">Number of datagrams.</param>
/// <param name="FirstTimeNs">Unix time in ns at which the first datagram arrived.</param>
internal readonly record struct Block(long FirstIndex, long EndIndex, RingSpan First, RingSpan Second, long Datagrams, long FirstTimeNs)
{
    public int Length => First.Length + Second.Length;
}

/// <summary>A contiguous range in the ring's memory.</summary>
internal readonly record struct RingSpan(int Offset, int Length);

/// <summary>The result of one look at the ring.</summary>
internal enum BlockReadiness
{
    /// <summary>Nothing to write; some time has passed.</summary>
    Waited,

    /// <summary>A block is closed.</summary>
    Closed,

    /// <summary>The ring is empty, and nothing will follow.</summary>
    Drained,
}
