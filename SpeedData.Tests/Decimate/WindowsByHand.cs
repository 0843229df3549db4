namespace SpeedData.Tests.Decimate;

/// <summary>Which records are in which window: so many, or what came within the longest time, by arrival or while nothing came.</summary>
internal sealed class WindowsByHand(int size, TimeSpan? maxWindow)
{
    private List<byte[]> _open = [];
    private long _openedNs;
    private TimeSpan _openWhileIdle;

    public TimeSpan? MaxWindow => maxWindow;

    public List<List<byte[]>> Closed { get; } = [];

    public void Add(long timeNs, byte[] record)
    {
        if (_open.Count > 0 && maxWindow is { } most && timeNs - _openedNs >= most.TotalNanoseconds)
            End();
        if (_open.Count == 0)
            _openedNs = timeNs;
        _open.Add(record);
        if (_open.Count == size)
            End();
    }

    /// <summary>Nothing comes for that long, by the clock of the loop, which stands still while batches come.</summary>
    public void Idle(TimeSpan span)
    {
        if (_open.Count == 0)
            return;
        _openWhileIdle += span;
        if (_openWhileIdle >= maxWindow)
            End();
    }

    /// <summary>What is open is closed.</summary>
    public void End()
    {
        if (_open.Count > 0)
            Closed.Add(_open);
        _open = [];
        _openWhileIdle = TimeSpan.Zero;
    }
}
