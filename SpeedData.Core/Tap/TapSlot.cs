namespace SpeedData.Core.Tap;

/// <summary>
/// The place where a watcher attaches a ring for the receive thread to fill, and detaches it again. A channel keeps one ring for its
/// whole life, so that the thread may still write into it after it was detached.
/// </summary>
public sealed class TapSlot
{
    private volatile TapRing? _open;
    private TapRing? _ring;

    /// <summary>The ring to fill; null while nobody watches. Receive thread.</summary>
    internal TapRing? Open => _open;

    /// <summary>Attaches the ring, which is filled from now on. Watch thread.</summary>
    /// <param name="capacity">The size of the ring in bytes, if the channel has none yet; a power of two.</param>
    public TapRing Begin(int capacity)
    {
        _ring ??= new TapRing(capacity);
        _ring.SkipAll();
        _open = _ring;
        return _ring;
    }

    /// <summary>Detaches the ring, because nobody watches any more. Watch thread.</summary>
    public void End() => _open = null;
}
