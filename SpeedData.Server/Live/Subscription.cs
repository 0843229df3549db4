using SpeedData.Core.Channels;
using SpeedData.Core.Live;

namespace SpeedData.Server.Live;

/// <summary>A table that was announced to a watcher.</summary>
internal sealed record NumberedTable(uint Number, uint Subscription, Channel Channel, LiveTable Table);

/// <summary>A request of a watcher, with the signals that it selects at present.</summary>
internal sealed class Subscription(LiveRequest request)
{
    public LiveRequest Request => request;

    public IReadOnlyList<NumberedTable> Tables { get; private set; } = [];

    public IReadOnlyList<(string Signal, string Why)> Unknown { get; private set; } = [];

    public int Signals => Tables.Sum(table => table.Table.Numbers.Count + table.Table.Changes.Count);

    /// <summary>Finds the requested signals.</summary>
    /// <param name="catalogue">The signals of all channels.</param>
    /// <param name="most">How many signals the watcher may have.</param>
    /// <param name="nextTable">Returns the number for a new table.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Resolve(SignalCatalogue catalogue, int most, Func<uint> nextTable)
    {
        var unknown = new List<(string, string)>();
        var found = new Dictionary<KnownChannel, List<LiveSignal>>(ReferenceEqualityComparer.Instance);
        int signals = 0;
        foreach (string text in request.Signals)
        {
            if (signals >= most)
            {
                unknown.Add((text, "a connection has too many signals"));
            }
            else if (catalogue.Find(text, out string why) is not { } known)
            {
                unknown.Add((text, why));
            }
            else
            {
                if (!found.TryGetValue(known.Channel, out List<LiveSignal>? wanted))
                    found.Add(known.Channel, wanted = []);
                // Channel names ignore case, so two texts can name the same signal.
                if (wanted.Contains(known.Signal))
                    continue;
                wanted.Add(known.Signal);
                signals++;
            }
        }

        Unknown = unknown;
        if (IsAsBefore(found))
            return false;
        Tables = [.. found.Select(pair => new NumberedTable(nextTable(), request.Id!.Value, pair.Key.Channel, TableOf(pair.Value)))];
        return true;
    }

    private bool IsAsBefore(Dictionary<KnownChannel, List<LiveSignal>> found) =>
        found.Count == Tables.Count && found.Zip(Tables).All(pair => pair.First.Key.Channel == pair.Second.Channel
            && pair.First.Value.Where(signal => signal.IsNumber).SequenceEqual(pair.Second.Table.Numbers, ReferenceEqualityComparer.Instance)
            && pair.First.Value.Where(signal => !signal.IsNumber).SequenceEqual(pair.Second.Table.Changes, ReferenceEqualityComparer.Instance));

    private LiveTable TableOf(List<LiveSignal> signals) =>
        new([.. signals.Where(signal => signal.IsNumber)], [.. signals.Where(signal => !signal.IsNumber)], request.WidthMs, request.ByDevice);
}
