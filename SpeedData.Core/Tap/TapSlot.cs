namespace SpeedData.Core.Tap;

/// <summary>
/// Where a watcher hangs a ring for the receive thread to fill, and takes it away again. A channel has one ring for all its
/// life, so that the thread may still write into it when it was taken away.
/// </summary>
public sealed class TapSlot
{
    private volatile TapRing? _open;
    private TapRing? _ring;

    /// <summary>The ring to fill; null while nobody watches. Receive thread.</summary>
    internal TapRing? Open => _open;

    /// <summary>From now on the ring is filled. Watch thread.</summary>
    /// <param name="capacity">Bytes of the ring, if the channel has none yet; a power of two.</param>
    public TapRing Begin(int capacity)
    {
        _ring ??= new TapRing(capacity);
        _ring.SkipAll();
        _open = _ring;
        return _ring;
    }

    /// <summary>Nobody watches any more. Watch thread.</summary>
    public void End() => _open = null;
}
