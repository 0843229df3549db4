using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>The values that speeddata.decimate may have, and the places where it may be.</summary>
public class AggregationTests
{
    private static string Field(string type, string? asked, string name = "f") =>
        $$"""{"name":"{{name}}","type":{{type}}{{(asked is null ? "" : $$""","speeddata.decimate":{{asked}}""")}}}""";

    private static string Record(params string[] fields) => $$"""{"type":"record","name":"r","fields":[{{string.Join(',', fields)}}]}""";

    [TestCase("last", Aggregation.Last)]
    [TestCase("first", Aggregation.First)]
    [TestCase("mean", Aggregation.Mean)]
    [TestCase("rms", Aggregation.Rms)]
    [TestCase("min", Aggregation.Min)]
    [TestCase("max", Aggregation.Max)]
    public void The_property_may_be_on_the_field_on_its_type_or_on_the_branch_next_to_null(string text, Aggregation asked)
    {
        string typed = $$"""{"type":"double","speeddata.decimate":"{{text}}"}""";
        string[] schemas = [Field("\"double\"", $"\"{text}\""), Field(typed, null), Field($"[\"null\",{typed}]", null), Field($"[{typed},\"null\"]", null), Field("[\"null\",\"long\"]", $"\"{text}\"")];
        foreach (string schema in schemas)
            Assert.That(RecordSchema.Parse(Record(schema)).Layout.Root.Fields[0].Aggregation, Is.EqualTo(asked), schema);
    }

    [Test]
    public void The_property_on_the_field_overrides_the_one_on_its_type()
    {
        string schema = Record(Field("""{"type":"int","speeddata.decimate":"mean"}""", "\"max\""));
        Assert.That(RecordSchema.Parse(schema).Layout.Root.Fields[0].Aggregation, Is.EqualTo(Aggregation.Max));
    }

    [Test]
    public void Without_the_property_no_aggregation_is_chosen() =>
        Assert.That(Schemas.Layout(("f", "\"double\"")).Root.Fields[0].Aggregation, Is.Null);

    [TestCase("\"avg\"")]
    [TestCase("\"Mean\"")]
    [TestCase("\"\"")]
    [TestCase("5")]
    [TestCase("null")]
    [TestCase("[\"mean\"]")]
    public void An_unknown_value_is_refused_with_field_and_remedy(string value)
    {
        string inner = Record(Field("\"double\"", value)).Replace("\"r\"", "\"inner\"", StringComparison.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(() => RecordSchema.Parse(Record(Field("\"double\"", value))), Refused("field 'f'", value));
            Assert.That(() => RecordSchema.Parse(Record(Field(inner, null, "outer"))), Refused("field 'outer.f'", value));
            Assert.That(() => RecordSchema.Parse(Record(Field($$"""{"type":"array","items":{{inner}}}""", null, "list"))), Refused("field 'list.f'", value));
            Assert.That(() => RecordSchema.Parse(Record(Field($$"""{"type":"int","speeddata.decimate":{{value}}}""", null))), Refused("field 'f'", value));
        });
    }

    [TestCase("\"string\"")]
    [TestCase("\"boolean\"")]
    [TestCase("\"bytes\"")]
    [TestCase("""{"type":"array","items":"double"}""")]
    [TestCase("""{"type":"enum","name":"e","symbols":["A"]}""")]
    [TestCase("""{"type":"record","name":"i","fields":[{"name":"x","type":"double"}]}""")]
    [TestCase("""["int","double"]""")]
    [TestCase("""["null","string"]""")]
    [TestCase("""["null","int","double"]""")]
    public void Fields_that_are_not_numbers_allow_only_first_and_last(string type)
    {
        foreach (string number in new[] { "mean", "rms", "min", "max" })
            Assert.That(() => RecordSchema.Parse(Record(Field(type, $"\"{number}\""))), Refused("field 'f'", $"\"{number}\" needs an int"));
        foreach (string any in new[] { "first", "last" })
            Assert.That(() => RecordSchema.Parse(Record(Field(type, $"\"{any}\""))), Throws.Nothing);
    }

    [Test]
    public void All_faults_are_reported_at_once() =>
        Assert.That(() => RecordSchema.Parse(Record(Field("\"double\"", "\"avg\"", "a"), Field("\"string\"", "\"mean\"", "b"), Field("\"int\"", "\"min\"", "c"))),
            Throws.TypeOf<SchemaException>().With.Message.Contains("field 'a'").And.Message.Contains("field 'b'").And.Message.Not.Contains("field 'c'"));

    [Test]
    public void The_property_of_a_record_applies_to_its_fields_without_their_own()
    {
        string inner = """{"type":"record","name":"i","fields":[{"name":"x","type":"double"},{"name":"y","type":"double","speeddata.decimate":"max"}]}""";
        var leaves = Leaf.Of(RecordSchema.Parse(Record(Field(inner, "\"first\""), Field("\"i\"", null, "g"))).Layout);
        Assert.That(leaves.Select(leaf => (leaf.Path, leaf.Asked)), Is.EqualTo(new (string, Aggregation?)[]
        {
            ("f.x", Aggregation.First), ("f.y", Aggregation.Max), ("g.x", null), ("g.y", Aggregation.Max),
        }));
    }

    [Test]
    public void The_schema_of_an_archive_may_have_unknown_values() =>
        Assert.That(() => FileSchema.Compile(Record(Field("\"string\"", "\"avg\""))), Throws.Nothing);

    private static NUnit.Framework.Constraints.ContainsConstraint Refused(string field, string value) =>
        Throws.TypeOf<SchemaException>().With.Message.Contains(field).And.Message.Contains("speeddata.decimate").And.Message.Contains(value);
}
