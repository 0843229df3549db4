using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Decides whether bytes are a record, and measures the record.</summary>
public class RecordLayoutTests
{
    [Test]
    public void A_bench_record_is_accepted_only_with_its_exact_length()
    {
        var layout = RecordSchema.Parse(Schemas.Bench(173)).Layout;
        byte[] record = Schemas.BenchRecord(173);

        Assert.Multiple(() =>
        {
            Assert.That(record, Has.Length.EqualTo(1400));
            Assert.That(layout.FixedSize, Is.Null);
            Assert.That(layout.Check(record), Is.EqualTo(RecordFaultKind.None));
            Assert.That(layout.Check(record.AsSpan(0, record.Length - 1)), Is.EqualTo(RecordFaultKind.Truncated));
            Assert.That(layout.Check([.. record, 0]), Is.EqualTo(RecordFaultKind.TrailingBytes));
        });
    }

    [Test]
    public void A_bench_record_is_checked_in_three_steps()
    {
        var root = RecordSchema.Parse(Schemas.Bench(173)).Layout.Root;

        Assert.That(root.Steps.Select(step => (step.Kind, step.Size)), Is.EqualTo(new[]
        {
            (StepKind.Long, 0), (StepKind.Int, 0), (StepKind.Skip, 2 + 173 * 8),
        }));
    }

    [Test]
    public void The_example_schema_accepts_a_record_of_the_demo()
    {
        var layout = RecordSchema.Load(Schemas.RepositoryFile(Schemas.Example)).Layout;
        byte[] record = [.. Bytes.Long(1_700_000_000_000_000_000), .. Bytes.String("tick"), .. Bytes.Long(7), .. new byte[32]];

        Assert.Multiple(() =>
        {
            Assert.That(layout.Check(record), Is.EqualTo(RecordFaultKind.None));
            Assert.That(layout.MinSize, Is.EqualTo(1 + 1 + 1 + 4 * 8));
            Assert.That(layout.Root.Fields[0].Type.LogicalType, Is.EqualTo("timestamp-nanos"));
        });
    }

    [Test]
    public void If_every_field_has_a_fixed_width_any_bytes_of_the_total_length_are_a_record()
    {
        var layout = Schemas.Layout(
            ("a", "\"double\""),
            ("b", """{"type":"record","name":"inner","fields":[{"name":"x","type":"float"},{"name":"n","type":"null"}]}"""),
            ("c", """{"type":"fixed","name":"f","size":3}"""));
        byte[] record = new byte[15];
        record.AsSpan().Fill(0xFF);

        Assert.Multiple(() =>
        {
            Assert.That(layout.FixedSize, Is.EqualTo(15));
            Assert.That(layout.Check(record), Is.EqualTo(RecordFaultKind.None));
            Assert.That(layout.Check(record.AsSpan(1)), Is.EqualTo(RecordFaultKind.Truncated));
            Assert.That(layout.Check([.. record, 0]), Is.EqualTo(RecordFaultKind.TrailingBytes));
            Assert.That(layout.Check([]), Is.EqualTo(RecordFaultKind.Truncated));
        });
    }

    [Test]
    public void A_boolean_has_a_fixed_width_but_its_value_is_checked()
    {
        var layout = Schemas.Layout(("b", "\"boolean\""), ("d", "\"double\""));

        Assert.Multiple(() =>
        {
            Assert.That(layout.FixedSize, Is.Null);
            Assert.That(layout.Check([1, 0, 0, 0, 0, 0, 0, 0, 0]), Is.EqualTo(RecordFaultKind.None));
            Assert.That(layout.Check([2, 0, 0, 0, 0, 0, 0, 0, 0]), Is.EqualTo(RecordFaultKind.BadBoolean));
        });
    }

    [TestCase("\"long\"", "FFFFFFFFFFFFFFFFFF01", TestName = "The_smallest_long_is_taken")]
    [TestCase("\"long\"", "FEFFFFFFFFFFFFFFFF01", TestName = "The_largest_long_is_taken")]
    [TestCase("\"int\"", "FFFFFFFF0F", TestName = "The_smallest_int_is_taken")]
    [TestCase("\"int\"", "FEFFFFFF0F", TestName = "The_largest_int_is_taken")]
    [TestCase("\"bytes\"", "00", TestName = "Empty_bytes_are_taken")]
    [TestCase("\"string\"", "08F09F9880", TestName = "A_text_of_four_byte_characters_is_taken")]
    [TestCase("""["null","string"]""", "00", TestName = "A_null_branch_is_taken")]
    [TestCase("""["null","string"]""", "020278", TestName = "A_string_branch_is_taken")]
    [TestCase("""{"type":"enum","name":"e","symbols":["A","B"]}""", "02", TestName = "The_last_symbol_is_taken")]
    [TestCase("""{"type":"array","items":"int"}""", "00", TestName = "An_empty_array_is_taken")]
    [TestCase("""{"type":"array","items":"int"}""", "0402040206" + "00", TestName = "An_array_of_two_blocks_is_taken")]
    [TestCase("""{"type":"array","items":"double"}""", "0110" + "0000000000000000" + "00", TestName = "A_block_with_its_size_is_taken")]
    [TestCase("""{"type":"array","items":"null"}""", "8080" + "08" + "00", TestName = "As_many_nulls_as_are_allowed_are_taken")]
    [TestCase("""{"type":"map","values":"boolean"}""", "02026101" + "0106026200" + "00", TestName = "A_map_of_two_blocks_one_sized_is_taken")]
    public void A_value_is_taken(string type, string hex)
    {
        byte[] record = Convert.FromHexString(hex);
        var layout = Schemas.Layout(("v", type));

        Assert.That(layout.Explain(record), Is.EqualTo(RecordFault.None));
        Assert.That(layout.Check(record), Is.EqualTo(RecordFaultKind.None));
    }

    [Test]
    public void A_recursive_record_is_accepted_up_to_the_allowed_depth()
    {
        var layout = Schemas.Layout(("v", "\"int\""), ("next", """["null","r"]"""));
        static byte[] List(int nodes) => [.. Enumerable.Repeat<byte[]>([2, 2], nodes - 1).SelectMany(node => node), 2, 0];

        var tooDeep = layout.Explain(List(RecordLayout.MaxDepth + 1));
        Assert.Multiple(() =>
        {
            Assert.That(layout.Check(List(RecordLayout.MaxDepth)), Is.EqualTo(RecordFaultKind.None));
            Assert.That(layout.Check(List(RecordLayout.MaxDepth + 1)), Is.EqualTo(RecordFaultKind.TooDeep));
            Assert.That(tooDeep.Offset, Is.EqualTo(2 * RecordLayout.MaxDepth));
            Assert.That(tooDeep.FieldPath, Does.StartWith("next.next."));
            Assert.That(tooDeep.Reason, Does.Contain("64"));
        });
    }

    [Test]
    public void The_first_of_two_records_is_measured_and_both_are_counted()
    {
        var layout = Schemas.Layout(("v", "\"long\""), ("s", "\"string\""));
        byte[] one = [.. Bytes.Long(-300), .. Bytes.String("abc")];
        byte[] two = [.. one, .. one];

        Assert.Multiple(() =>
        {
            Assert.That(layout.Check(two), Is.EqualTo(RecordFaultKind.TrailingBytes));
            Assert.That(layout.Measure(two, out int length), Is.EqualTo(RecordFaultKind.None));
            Assert.That(length, Is.EqualTo(one.Length));
            Assert.That(layout.WholeRecords(two), Is.EqualTo(2));
            Assert.That(layout.WholeRecords([.. two, 1]), Is.EqualTo(2));
            Assert.That(layout.WholeRecords([]), Is.Zero);
            Assert.That(layout.Measure([0x80], out int none), Is.EqualTo(RecordFaultKind.Truncated));
            Assert.That(none, Is.Zero);
        });
    }

    [Test]
    public void Counting_complete_records_stops_at_its_limit()
    {
        var layout = Schemas.Layout(("v", "\"int\""));

        Assert.That(layout.WholeRecords(new byte[RecordLayout.MostWholeRecords + 5]), Is.EqualTo(RecordLayout.MostWholeRecords));
    }
}
