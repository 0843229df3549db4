namespace SpeedData.Core.Archive;

/// <summary>Whole bursts of the ring that become one block of the file.</summary>
/// <param name="EndIndex">Index behind its last burst.</param>
/// <param name="From">Ring position of its first byte.</param>
/// <param name="To">Ring position behind its last byte.</param>
/// <param name="Datagrams">How many it holds.</param>
/// <param name="FirstTimeNs">Unix time at which its first came, in ns.</param>
internal readonly record struct Block(long EndIndex, long From, long To, long Datagrams, long FirstTimeNs);

/// <summary>What one look at the ring has shown.</summary>
internal enum BlockReadiness
{
    /// <summary>Nothing to write; some time has passed.</summary>
    Waited,

    /// <summary>A block is closed.</summary>
    Closed,

    /// <summary>The ring is empty and nothing will follow.</summary>
    Drained,
}
