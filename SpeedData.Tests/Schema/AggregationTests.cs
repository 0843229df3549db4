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
    public void It_may_stand_on_the_field_in_its_type_and_in_the_branch_beside_null(string text, Aggregation asked)
    {
        string typed = $$"""{"type":"double","speeddata.decimate":"{{text}}"}""";
        string[] schemas = [Field("\"double\"", $"\"{text}\""), Field(typed, null), Field($"[\"null\",{typed}]", null), Field($"[{typed},\"null\"]", null), Field("[\"null\",\"long\"]", $"\"{text}\"")];
        foreach (string schema in schemas)
            Assert.That(RecordSchema.Parse(Record(schema)).Layout.Root.Fields[0].Aggregation, Is.EqualTo(asked), schema);
    }

    [Test]
    public void What_stands_on_the_field_is_stronger_than_what_stands_in_its_type()
    {
        string schema = Record(Field("""{"type":"int","speeddata.decimate":"mean"}""", "\"max\""));
        Assert.That(RecordSchema.Parse(schema).Layout.Root.Fields[0].Aggregation, Is.EqualTo(Aggregation.Max));
    }

    [Test]
    public void Without_it_nothing_is_asked() =>
        Assert.That(Schemas.Layout(("f", "\"double\"")).Root.Fields[0].Aggregation, Is.Null);

    [TestCase("\"avg\"")]
    [TestCase("\"Mean\"")]
    [TestCase("\"\"")]
    [TestCase("5")]
    [TestCase("null")]
    [TestCase("[\"mean\"]")]
    public void A_value_that_is_none_of_the_six_is_refused_with_field_and_remedy(string value)
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
    public void What_is_no_number_can_be_first_or_last_and_nothing_else(string type)
    {
        foreach (string number in new[] { "mean", "rms", "min", "max" })
            Assert.That(() => RecordSchema.Parse(Record(Field(type, $"\"{number}\""))), Refused("field 'f'", $"\"{number}\" needs an int"));
        foreach (string any in new[] { "first", "last" })
            Assert.That(() => RecordSchema.Parse(Record(Field(type, $"\"{any}\""))), Throws.Nothing);
    }

    [Test]
    public void All_that_is_wrong_is_told_at_once() =>
        Assert.That(() => RecordSchema.Parse(Record(Field("\"double\"", "\"avg\"", "a"), Field("\"string\"", "\"mean\"", "b"), Field("\"int\"", "\"min\"", "c"))),
            Throws.TypeOf<SchemaException>().With.Message.Contains("field 'a'").And.Message.Contains("field 'b'").And.Message.Not.Contains("field 'c'"));

    [Test]
    public void A_record_hands_on_what_is_asked_of_it_to_fields_that_ask_for_nothing()
    {
        string inner = """{"type":"record","name":"i","fields":[{"name":"x","type":"double"},{"name":"y","type":"double","speeddata.decimate":"max"}]}""";
        var leaves = Leaf.Of(RecordSchema.Parse(Record(Field(inner, "\"first\""), Field("\"i\"", null, "g"))).Layout);
        Assert.That(leaves.Select(leaf => (leaf.Path, leaf.Asked)), Is.EqualTo(new (string, Aggregation?)[]
        {
            ("f.x", Aggregation.First), ("f.y", Aggregation.Max), ("g.x", null), ("g.y", Aggregation.Max),
        }));
    }

    [Test]
    public void The_schema_of_an_archive_is_not_held_to_it() =>
        Assert.That(() => FileSchema.Compile(Record(Field("\"string\"", "\"avg\""))), Throws.Nothing);

    private static NUnit.Framework.Constraints.ContainsConstraint Refused(string field, string value) =>
        Throws.TypeOf<SchemaException>().With.Message.Contains(field).And.Message.Contains("speeddata.decimate").And.Message.Contains(value);
}
