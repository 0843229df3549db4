using SpeedData.Core.Decimate.Numbers;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Neighbouring fields with the same aggregation.</summary>
/// <param name="Aggregation">The aggregation.</param>
/// <param name="First">The index of the first leaf.</param>
/// <param name="Count">The number of leaves.</param>
internal readonly record struct FieldGroup(Aggregation Aggregation, int First, int Count);

/// <summary>The plan for computing the records of a result, with the scan that finds the fields.</summary>
internal sealed class FieldPlan
{
    private readonly IReadOnlyList<Leaf> _leaves;
    private readonly FieldGroup[][] _outputs;

    public FieldPlan(RecordLayout layout, FieldRules rules)
    {
        _leaves = Leaf.Of(layout);
        _outputs = [.. Enumerable.Range(0, rules.Outputs).Select(output => Groups(rules, output).ToArray())];
        Scan = RecordScan.Compile(layout, _leaves, _outputs.SelectMany(stretches => stretches).SelectMany(Bounds).ToHashSet());
    }

    public RecordScan Scan { get; }

    /// <summary>Whether anything is computed. If not, the results are unchanged records of the window.</summary>
    public bool ComputesAnything => _outputs.Any(stretches => stretches.Length > 0);

    /// <summary>Makes the runs of each output. Outputs that need the same run share it.</summary>
    public FieldRun[][] CreateRuns()
    {
        var made = new Dictionary<FieldGroup, FieldRun>();
        return [.. _outputs.Select(stretches => stretches.Select(Run).ToArray())];

        FieldRun Run(FieldGroup group)
        {
            if (!made.TryGetValue(group, out FieldRun? run))
                made.Add(group, run = Create(group));
            return run;
        }
    }

    private IEnumerable<FieldGroup> Groups(FieldRules rules, int output)
    {
        for (int i = 0, next; i < _leaves.Count; i = next)
        {
            next = i + 1;
            if (rules.Of(_leaves[i], output) is not { } aggregation)
                continue;
            while (Aggregations.WantsNumber(aggregation) && next < _leaves.Count && rules.Of(_leaves[next], output) == aggregation && AreAlike(_leaves[i].Node, _leaves[next].Node))
                next++;
            yield return new FieldGroup(aggregation, i, next - i);
        }
    }

    private static bool AreAlike(LayoutNode a, LayoutNode b) => a.Number!.Type == b.Number?.Type && NullBranch.Of(a) == NullBranch.Of(b);

    private static IEnumerable<int> Bounds(FieldGroup group) =>
        Aggregations.WantsNumber(group.Aggregation) ? [group.First] : [group.First, group.First + 1];

    private FieldRun Create(FieldGroup group)
    {
        ScanOffset begin = Scan.OffsetOf(group.First);
        LayoutNode type = _leaves[group.First].Node;
        if (!Aggregations.WantsNumber(group.Aggregation))
            return new ChosenValue(begin, Scan.OffsetOf(group.First + 1), type, isFirst: group.Aggregation == Aggregation.First);
        bool isInteger = type.Number!.Type is AvroType.Int or AvroType.Long;
        return group.Aggregation switch
        {
            Aggregation.Mean when isInteger => new IntegerRun<IntegerMean>(begin, type, group.Count),
            Aggregation.Rms when isInteger => new IntegerRun<IntegerRms>(begin, type, group.Count),
            Aggregation.Min when isInteger => new IntegerRun<IntegerMin>(begin, type, group.Count),
            Aggregation.Max when isInteger => new IntegerRun<IntegerMax>(begin, type, group.Count),
            Aggregation.Mean => new FloatingRun(begin, type, group.Count, new FloatingMeans(group.Count)),
            Aggregation.Rms => new FloatingRun(begin, type, group.Count, new FloatingSquares(group.Count)),
            Aggregation.Min => new FloatingRun(begin, type, group.Count, new FloatingExtreme<Smaller>(group.Count)),
            _ => new FloatingRun(begin, type, group.Count, new FloatingExtreme<Larger>(group.Count)),
        };
    }
}
