namespace SpeedData.Core.Live;

/// <summary>
/// The signals of one channel that a watcher requested with one bucket width, and their pending rows and changes. Any thread.
/// </summary>
/// <param name="Numbers">Signals with a minimum, a maximum and a mean, in the order of the cells.</param>
/// <param name="Changes">Signals that are sent only when they change.</param>
/// <param name="WidthMs">Width of a bucket.</param>
/// <param name="ByDevice">Whether buckets follow the device's clock.</param>
public sealed record LiveTable(IReadOnlyList<LiveSignal> Numbers, IReadOnlyList<LiveSignal> Changes, int WidthMs, bool ByDevice)
{
    public PendingRows Rows { get; } = new(Numbers.Count, WidthMs);

    public PendingChanges Waiting { get; } = new();

    public bool AnyWaits => Rows.Any || Waiting.Any;

    /// <summary>A key that is equal for tables with the same rows.</summary>
    internal string Key { get; } = $"{WidthMs} {ByDevice} {string.Join('\n', Numbers.Select(signal => signal.Name))}";
}
