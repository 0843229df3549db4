using System.Text;
using SpeedData.Core.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Schema;

/// <summary>Which files are schemas, and which messages their authors get.</summary>
public class RecordSchemaTests
{
    private const string Plain = """{"type":"record","name":"r","namespace":"a.b","fields":[{"name":"t","type":"long"}]}""";

    [Test]
    public void A_schema_keeps_the_text_of_its_file_without_the_byte_order_mark()
    {
        string text = "{ \"type\":\"record\",\n \"name\":\"r\", \"unit\":\"m/s\", \"fields\":[{\"name\":\"t\",\"type\":\"long\",\"range\":[0,1]}] }\n";
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]);
        try
        {
            Assert.That(RecordSchema.Load(path).Text, Is.EqualTo(text));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Files_with_one_text_share_a_schema()
    {
        using var folder = new TempFolder();
        (string one, string other, string different) = (Path.Combine(folder.Path, "1"), Path.Combine(folder.Path, "2"), Path.Combine(folder.Path, "3"));
        File.WriteAllText(one, Plain);
        File.WriteAllText(other, Plain);
        File.WriteAllText(different, Plain + " ");
        RecordSchema schema = RecordSchema.Load(one);
        Assert.Multiple(() =>
        {
            Assert.That(RecordSchema.Load(other), Is.SameAs(schema));
            Assert.That(RecordSchema.Load(different), Is.Not.SameAs(schema));
        });
    }

    [Test]
    public void A_schema_knows_its_full_name()
    {
        var schema = RecordSchema.Parse(Plain);

        Assert.That(schema.FullName, Is.EqualTo("a.b.r"));
        Assert.That(schema.Warnings, Is.Empty);
    }

    [Test]
    public void The_shipped_schema_loads_without_a_warning()
    {
        var schema = RecordSchema.Load(Schemas.RepositoryFile(Schemas.Example));

        Assert.That(schema.Warnings, Is.Empty);
        Assert.That(schema.Layout.Root.Fields.Select(field => field.Name), Is.EqualTo(new[] { "time", "message", "counter", "sine_wave", "ramp", "square_wave", "noise" }));
    }

    [TestCase("""{"name":"t","type":"long","logicalType":"timestamp-nanos"}""", """write "type": {"type":"long","logicalType":"timestamp-nanos"}""")]
    [TestCase("""{"name":"t","logicalType":"timestamp-nanos","type":["null","long"]}""", """write "type": ["null",{"type":"long","logicalType":"timestamp-nanos"}]""")]
    [TestCase("""{"name":"t","type":{"type":"long","unit":"ns"},"logicalType":"timestamp-nanos"}""", """write "type": {"type":"long","unit":"ns","logicalType":"timestamp-nanos"}""")]
    public void A_logical_type_on_the_field_is_used_with_a_warning_that_shows_how_to_write_it(string field, string advice)
    {
        var schema = RecordSchema.Parse($$"""{"type":"record","name":"r","fields":[{{field}}]}""");

        var type = schema.Layout.Root.Fields[0].Type;
        Assert.Multiple(() =>
        {
            Assert.That(schema.Warnings, Has.Count.EqualTo(1));
            Assert.That(schema.Warnings[0], Does.Contain("'t'").And.Contains(advice));
            Assert.That((type.Branches.Count > 0 ? type.Branches[1] : type).LogicalType, Is.EqualTo("timestamp-nanos"));
            Assert.That(schema.Text, Does.Contain(field));
        });
    }

    [TestCase("""["int","long"]""")]
    [TestCase("\"f\"")]
    [TestCase("""["null","f"]""")]
    [TestCase("""["null"]""")]
    public void An_ambiguous_logical_type_on_the_field_is_ignored_with_a_warning(string type)
    {
        var schema = RecordSchema.Parse($$"""{"type":"record","name":"r","fields":[{"name":"d","type":{"type":"fixed","name":"f","size":12} },{"name":"t","type":{{type}},"logicalType":"duration"}]}""");

        Assert.That(schema.Warnings, Has.Count.EqualTo(1));
        Assert.That(schema.Warnings[0], Does.Contain("ignored"));
    }

    [TestCase("""{"type":"long","logicalType":"date"}""", "date", TestName = "A_date_on_a_long_loads_with_a_warning")]
    [TestCase("""{"type":"fixed","name":"u","size":16,"logicalType":"uuid"}""", "uuid", TestName = "A_uuid_on_a_fixed_loads_with_a_warning")]
    [TestCase("""{"type":"bytes","logicalType":"decimal"}""", "decimal", TestName = "A_decimal_without_precision_loads_with_a_warning")]
    public void A_logical_type_that_Apache_Avro_refuses_loads_with_a_warning(string type, string logicalType)
    {
        var schema = RecordSchema.Parse(Schemas.Record(("v", type)));

        Assert.That(schema.Layout.Root.Fields[0].Type.LogicalType, Is.EqualTo(logicalType));
        Assert.That(schema.Warnings.Single(), Does.Contain("Apache.Avro for .NET").And.Contains(logicalType));
    }

    [TestCase("\"double\"", TestName = "A_plain_type_has_no_logical_type")]
    [TestCase("""{"type":"double"}""", TestName = "A_type_in_an_object_has_no_logical_type")]
    public void A_type_without_a_logical_type_has_none(string type)
    {
        var schema = RecordSchema.Parse(Schemas.Record(("v", type)));

        Assert.That(schema.Layout.Root.Fields[0].Type.LogicalType, Is.Null);
        Assert.That(schema.Warnings, Is.Empty);
    }

    [TestCase("""{"type":"long","logicalType":"timestamp-nanos"}""", "timestamp-nanos")]
    [TestCase("""{"type":"int","logicalType":"of-our-own"}""", "of-our-own")]
    [TestCase("""{"type":"fixed","name":"d","size":12,"logicalType":"duration"}""", "duration")]
    public void Known_and_unknown_logical_types_are_found(string type, string logicalType)
    {
        var schema = RecordSchema.Parse(Schemas.Record(("v", type)));

        Assert.That(schema.Layout.Root.Fields[0].Type.LogicalType, Is.EqualTo(logicalType));
        Assert.That(schema.Warnings, Is.Empty);
    }

    [Test]
    public void A_doc_that_looks_like_a_date_stays_text()
    {
        var schema = RecordSchema.Parse("""{"type":"record","name":"r","doc":"2026-01-01T00:00:00Z","fields":[{"name":"t","type":"long","doc":"2026-01-01T00:00:00Z"}]}""");

        Assert.That(schema.Layout.MinSize, Is.EqualTo(1));
        Assert.That(schema.Warnings.Single(), Does.Contain("Apache.Avro for .NET"));
    }

    [Test]
    public void A_file_that_is_missing_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "none.avsc");

        Assert.That(() => RecordSchema.Load(path), Throws.TypeOf<SchemaException>().With.Message.Contains(path));
    }

    [Test]
    public void A_folder_without_a_schema_file_is_refused()
    {
        using var folder = new TempFolder();
        Assert.That(() => RecordSchema.Load(folder.Path), Throws.TypeOf<SchemaException>().With.Message.Contains("has no .avsc file"));
    }

    [Test]
    public void A_file_that_is_not_UTF8_is_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(Plain.Replace("\"t\"", "\"\u00e9\"", StringComparison.Ordinal)));
        try
        {
            Assert.That(() => RecordSchema.Load(path), Throws.TypeOf<SchemaException>().With.Message.Contains("UTF-8"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCase("""{"type":"error","name":"e","fields":[{"name":"t","type":"long"}]}""", 1)]
    [TestCase("""{"type":"record","name":"r","fields":[{"name":"f","type":["null",{"type":"error","name":"e","fields":[{"name":"code","type":"int"}]}]},{"name":"g","type":"e"}]}""", 2)]
    [TestCase("""{"type":"record","name":"r","fields":[{"name":"f","type":{"type":"array","items":{"type":"error","name":"e","fields":[]}}}]}""", 1)]
    public void An_error_type_is_a_record(string schema, int fields)
    {
        RecordSchema channel = RecordSchema.Parse(schema);
        Assert.Multiple(() =>
        {
            Assert.That(channel.Text, Is.EqualTo(schema), "the archive's header has the file's own text");
            Assert.That(channel.Layout.Root.Fields, Has.Count.EqualTo(fields));
            Assert.That(() => FileSchema.Compile(schema), Throws.Nothing);
        });
    }
}
