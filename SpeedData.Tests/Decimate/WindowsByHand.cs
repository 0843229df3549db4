namespace SpeedData.Tests.Decimate;

/// <summary>
/// A reference for the records of each window. A window ends when it is full or too old; its age is checked on arrival and while
/// nothing arrives.
/// </summary>
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

    /// <summary>Lets time pass without datagrams, on the loop's clock, which does not move while batches arrive.</summary>
    public void Idle(TimeSpan span)
    {
        if (_open.Count == 0)
            return;
        _openWhileIdle += span;
        if (_openWhileIdle >= maxWindow)
            End();
    }

    /// <summary>Closes the open window.</summary>
    public void End()
    {
        if (_open.Count > 0)
            Closed.Add(_open);
        _open = [];
        _openWhileIdle = TimeSpan.Zero;
    }
}
