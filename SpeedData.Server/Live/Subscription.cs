using SpeedData.Core.Channels;
using SpeedData.Core.Live;

namespace SpeedData.Server.Live;

/// <summary>A table that was announced to a watcher.</summary>
internal sealed record NumberedTable(uint Number, uint Subscription, Channel Channel, LiveTable Table);

/// <summary>What a watcher asked for, and what that means at present.</summary>
internal sealed class Subscription(LiveRequest request)
{
    public LiveRequest Request => request;

    public IReadOnlyList<NumberedTable> Tables { get; private set; } = [];

    public IReadOnlyList<(string Signal, string Why)> Unknown { get; private set; } = [];

    public int Signals => Tables.Sum(table => table.Table.Numbers.Count + table.Table.Changes.Count);

    /// <summary>Finds the signals.</summary>
    /// <param name="catalogue">Where.</param>
    /// <param name="most">How many the watcher may have.</param>
    /// <param name="nextTable">Gives numbers to new tables.</param>
    /// <returns>Whether something is not as it was.</returns>
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
                // The letter case of a channel does not matter.
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
