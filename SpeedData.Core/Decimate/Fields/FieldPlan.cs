using SpeedData.Core.Decimate.Numbers;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Neighbouring fields that are aggregated in the same way.</summary>
/// <param name="Aggregation">The way.</param>
/// <param name="First">Number of the first leaf.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Stretch(Aggregation Aggregation, int First, int Count);

/// <summary>What is computed for the records of a result, and the scan that finds the fields.</summary>
internal sealed class FieldPlan
{
    private readonly IReadOnlyList<Leaf> _leaves;
    private readonly Stretch[][] _outputs;

    public FieldPlan(RecordLayout layout, FieldRules rules)
    {
        _leaves = Leaf.Of(layout);
        _outputs = [.. Enumerable.Range(0, rules.Outputs).Select(output => Stretches(rules, output).ToArray())];
        Scan = RecordScan.Compile(layout, _leaves, _outputs.SelectMany(stretches => stretches).SelectMany(Bounds).ToHashSet());
    }

    public RecordScan Scan { get; }

    /// <summary>Whether anything is computed; if not, the results are records of the window as they came.</summary>
    public bool ComputesAnything => _outputs.Any(stretches => stretches.Length > 0);

    /// <summary>Makes the runs of each output. Outputs that need the same run share it.</summary>
    public FieldRun[][] CreateRuns()
    {
        var made = new Dictionary<Stretch, FieldRun>();
        return [.. _outputs.Select(stretches => stretches.Select(Run).ToArray())];

        FieldRun Run(Stretch stretch)
        {
            if (!made.TryGetValue(stretch, out FieldRun? run))
                made.Add(stretch, run = Create(stretch));
            return run;
        }
    }

    private IEnumerable<Stretch> Stretches(FieldRules rules, int output)
    {
        for (int i = 0, next; i < _leaves.Count; i = next)
        {
            next = i + 1;
            if (rules.Of(_leaves[i], output) is not { } aggregation)
                continue;
            while (Aggregations.WantsNumber(aggregation) && next < _leaves.Count && rules.Of(_leaves[next], output) == aggregation && AreAlike(_leaves[i].Node, _leaves[next].Node))
                next++;
            yield return new Stretch(aggregation, i, next - i);
        }
    }

    private static bool AreAlike(LayoutNode a, LayoutNode b) => a.Number!.Type == b.Number?.Type && NullBranch.Of(a) == NullBranch.Of(b);

    private static IEnumerable<int> Bounds(Stretch stretch) =>
        Aggregations.WantsNumber(stretch.Aggregation) ? [stretch.First] : [stretch.First, stretch.First + 1];

    private FieldRun Create(Stretch stretch)
    {
        Place begin = Scan.PlaceOf(stretch.First);
        LayoutNode type = _leaves[stretch.First].Node;
        if (!Aggregations.WantsNumber(stretch.Aggregation))
            return new ChosenValue(begin, Scan.PlaceOf(stretch.First + 1), type, isFirst: stretch.Aggregation == Aggregation.First);
        bool isInteger = type.Number!.Type is AvroType.Int or AvroType.Long;
        return stretch.Aggregation switch
        {
            Aggregation.Mean when isInteger => new IntegerRun<IntegerMean>(begin, type, stretch.Count),
            Aggregation.Rms when isInteger => new IntegerRun<IntegerRms>(begin, type, stretch.Count),
            Aggregation.Min when isInteger => new IntegerRun<IntegerMin>(begin, type, stretch.Count),
            Aggregation.Max when isInteger => new IntegerRun<IntegerMax>(begin, type, stretch.Count),
            Aggregation.Mean => new FloatingRun(begin, type, stretch.Count, new FloatingMeans(stretch.Count)),
            Aggregation.Rms => new FloatingRun(begin, type, stretch.Count, new FloatingSquares(stretch.Count)),
            Aggregation.Min => new FloatingRun(begin, type, stretch.Count, new FloatingExtreme<Smaller>(stretch.Count)),
            _ => new FloatingRun(begin, type, stretch.Count, new FloatingExtreme<Larger>(stretch.Count)),
        };
    }
}
