namespace SpeedData.Core.Receive;

/// <summary>
/// Counts datagrams lost since the last one that went into the ring: dropped by the kernel, or refused by the full ring. The next
/// burst carries this number, so that the index shows a gap at its place. Receive thread.
/// </summary>
internal struct LostBefore
{
    private uint _kernelDrops;
    private uint _lost;

    /// <summary>Takes the socket's drop count at the time when a burst was queued.</summary>
    /// <param name="kernelDrops">A 32-bit counter that wraps; 0 if nothing was dropped or the count is not known.</param>
    public void See(uint kernelDrops)
    {
        if (kernelDrops == _kernelDrops || kernelDrops == 0)
            return;
        Add(unchecked(kernelDrops - _kernelDrops));
        _kernelDrops = kernelDrops;
    }

    /// <summary>Restarts at 0, because bursts now come from another socket.</summary>
    public void SocketOpened() => _kernelDrops = 0;

    public void Add(uint datagrams) => _lost = datagrams > uint.MaxValue - _lost ? uint.MaxValue : _lost + datagrams;

    public readonly uint Count => _lost;

    /// <summary>Resets the count after a burst has carried it into the ring.</summary>
    public void Clear() => _lost = 0;
}
