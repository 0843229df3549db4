namespace SpeedData.Core.Live;

/// <summary>The signals of one channel that a watcher sees in buckets of one width, and the rows and changes that wait for it. Any thread.</summary>
/// <param name="Numbers">Signals with a minimum, a maximum and a mean, in the order of the cells.</param>
/// <param name="Changes">Signals that are shown by their changes.</param>
/// <param name="WidthMs">Of a bucket.</param>
/// <param name="ByDevice">Whether the device's clock cuts.</param>
public sealed record LiveTable(IReadOnlyList<LiveSignal> Numbers, IReadOnlyList<LiveSignal> Changes, int WidthMs, bool ByDevice)
{
    public PendingRows Rows { get; } = new(Numbers.Count, WidthMs);

    public PendingChanges Waiting { get; } = new();

    public bool AnyWaits => Rows.Any || Waiting.Any;

    /// <summary>Tables with the same key have the same rows.</summary>
    internal string Key { get; } = $"{WidthMs} {ByDevice} {string.Join('\n', Numbers.Select(signal => signal.Name))}";
}
