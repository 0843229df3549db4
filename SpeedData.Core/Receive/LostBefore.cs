namespace SpeedData.Core.Receive;

/// <summary>
/// Datagrams known to be lost since the last one that went into the ring: those the kernel dropped and those the ring could
/// not take. The next burst carries their number, so that a gap stands in the index where it is. Receive thread.
/// </summary>
internal struct LostBefore
{
    private uint _kernelDrops;
    private uint _lost;

    /// <summary>A burst came with the socket's own drop count at the time it was queued.</summary>
    /// <param name="kernelDrops">A 32-bit counter that wraps; 0 where none has been dropped, or where it is not known.</param>
    public void See(uint kernelDrops)
    {
        if (kernelDrops == _kernelDrops || kernelDrops == 0)
            return;
        Add(unchecked(kernelDrops - _kernelDrops));
        _kernelDrops = kernelDrops;
    }

    /// <summary>From now on bursts come from another socket, whose drop count begins at 0.</summary>
    public void SocketOpened() => _kernelDrops = 0;

    public void Add(uint datagrams) => _lost = datagrams > uint.MaxValue - _lost ? uint.MaxValue : _lost + datagrams;

    public readonly uint Count => _lost;

    /// <summary>A burst went into the ring with the count.</summary>
    public void Clear() => _lost = 0;
}
