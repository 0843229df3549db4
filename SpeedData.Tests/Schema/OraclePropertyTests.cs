using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>
/// Compares the check with Apache.Avro's reader and writer, over random schemas and records. FsCheck draws the seeds. Each
/// property runs once from a fixed seed and once from a new one, which FsCheck prints if the property fails.
/// </summary>
[TestFixture(true)]
[TestFixture(false)]
public class OraclePropertyTests(bool sameEveryTime)
{
    private const int Schemas = 300;
    private const int RecordsOfEach = 4;

    [Test]
    public void Every_record_that_Apache_Avro_writes_is_accepted_completely() => ForAll(random =>
    {
        string schema = RandomSchema.Any(random);
        var layout = RecordSchema.Parse(schema).Layout;
        var oracle = new Oracle(schema);
        for (int i = 0; i < RecordsOfEach; i++)
        {
            byte[] record = oracle.Encode(random);
            Expect(layout.Explain(record) == RecordFault.None, schema, record, layout);
            Expect(layout.Check(record) == RecordFaultKind.None, schema, record, layout);
            Expect(layout.MinSize <= record.Length && (layout.FixedSize ?? record.Length) == record.Length, schema, record, layout);
        }
    });

    [Test]
    public void A_cut_off_record_and_a_record_with_extra_bytes_are_refused() => ForAll(random =>
    {
        string schema = RandomSchema.Any(random);
        var layout = RecordSchema.Parse(schema).Layout;
        byte[] record = new Oracle(schema).Encode(random);
        for (int length = 0; length < record.Length; length++)
            Expect(layout.Check(record.AsSpan(0, length)) != RecordFaultKind.None, schema, record[..length], layout);
        byte[] longer = [.. record, (byte)random.Next(256)];
        Expect(layout.Check(longer) == RecordFaultKind.TrailingBytes, schema, longer, layout);
        Expect(layout.Measure(longer, out int measured) == RecordFaultKind.None && measured == record.Length, schema, longer, layout);
    });

    [Test]
    public void Apache_Avro_reads_and_rewrites_every_accepted_record() => ForAll(random =>
    {
        string schema = RandomSchema.Any(random);
        var layout = RecordSchema.Parse(schema).Layout;
        var oracle = new Oracle(schema);
        byte[] record = oracle.Encode(random);
        for (int i = 0; i < 20; i++)
        {
            byte[] damaged = Mutation.Of(record, random);
            if (layout.Check(damaged) != RecordFaultKind.None)
                continue;
            byte[]? again = oracle.ReadToEndAndWrite(damaged);
            Expect(again is not null && IsSame(layout, damaged, again), schema, damaged, layout);
        }
    });

    [Test]
    public void Every_record_that_Apache_Avro_reads_and_rewrites_unchanged_is_accepted() => ForAll(random =>
    {
        string schema = RandomSchema.WithoutLengths(random);
        var layout = RecordSchema.Parse(schema).Layout;
        var oracle = new Oracle(schema);
        byte[] record = oracle.Encode(random);
        for (int i = 0; i < 20; i++)
        {
            byte[] damaged = Mutation.Of(record, random);
            bool whole = oracle.ReadToEndAndWrite(damaged)?.AsSpan().SequenceEqual(damaged) ?? false;
            Expect(whole == (layout.Check(damaged) == RecordFaultKind.None), schema, damaged, layout);
        }
    });

    [Test]
    public void An_explanation_names_the_fault_that_the_check_found_and_an_offset_in_the_datagram() => ForAll(random =>
    {
        string schema = RandomSchema.Any(random);
        var layout = RecordSchema.Parse(schema).Layout;
        byte[] record = new Oracle(schema).Encode(random);
        for (int i = 0; i < 20; i++)
        {
            byte[] damaged = Mutation.Of(record, random);
            var fault = layout.Explain(damaged);
            Expect(fault.Kind == layout.Check(damaged), schema, damaged, layout);
            Expect(fault.Offset >= 0 && fault.Offset <= damaged.Length && fault.Reason.Length > 0, schema, damaged, layout);
        }
    });

    [Test]
    public void A_scan_agrees_with_the_check_and_notes_the_offset_of_every_leaf() => ForAll(random =>
    {
        string schema = RandomSchema.Any(random);
        var layout = RecordSchema.Parse(schema).Layout;
        var leaves = Leaf.Of(layout);
        var scan = RecordScan.Compile(layout, leaves, Enumerable.Range(0, leaves.Count + 1).ToHashSet());
        int[] marks = new int[scan.Marks];
        byte[] record = new Oracle(schema).Encode(random);
        Expect(scan.Check(record, marks) == RecordFaultKind.None, schema, record, layout);
        int at = 0;
        for (int i = 0; i < leaves.Count; i++)
        {
            Expect(at == marks[scan.OffsetOf(i).Mark] + scan.OffsetOf(i).Offset, schema, record, layout);
            at += Size(leaves[i].Node, record.AsSpan(at));
        }
        Expect(marks[scan.OffsetOf(leaves.Count).Mark] == record.Length, schema, record, layout);
        for (int i = 0; i < 20; i++)
        {
            byte[] damaged = Mutation.Of(record, random);
            Expect(scan.Check(damaged, marks) == layout.Check(damaged), schema, damaged, layout);
        }
    });

    /// <summary>Measures the value of this type at the start of the bytes.</summary>
    private static int Size(LayoutNode type, ReadOnlySpan<byte> bytes)
    {
        var alone = new LayoutNode(AvroType.Record) { Fields = [new LayoutField("value", type)] };
        alone.Steps = Step.Inside(alone, merge: true);
        new RecordLayout(alone).Measure(bytes, out int length);
        return length;
    }

    /// <summary>
    /// Whether both are the same record. The bytes may differ only in the cuts of blocks, and in a map's entries that a later entry
    /// with the same key replaces.
    /// </summary>
    internal static bool IsSame(RecordLayout layout, byte[] taken, byte[] again) =>
        taken.AsSpan().SequenceEqual(again)
        || (HasBlocks(layout.Root, []) && layout.Check(again) == RecordFaultKind.None);

    private static bool HasBlocks(LayoutNode node, HashSet<LayoutNode> seen) =>
        seen.Add(node) && (node.Items is not null || node.Fields.Select(field => field.Type).Concat(node.Branches).Any(inner => HasBlocks(inner, seen)));

    private void ForAll(Action<Random> property)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Schemas);
        if (sameEveryTime)
            config = config.WithReplay(new Replay(new Rnd(26_000), FSharpOption<int>.None));
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => property(new Random(seed))).Check(config);
    }

    private static void Expect(bool holds, string schema, byte[] bytes, RecordLayout layout) =>
        Assert.That(holds, Is.True, () => $"schema {schema}\nbytes {Convert.ToHexString(bytes)}\ncheck {layout.Check(bytes)}\nexplained {layout.Explain(bytes)}");
}
