using System.Text.Json.Nodes;
using SpeedData.Core.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Schema;

/// <summary>A schema of several files: one contains the record, the others contain the types that it names.</summary>
public sealed class SchemaFolderTests
{
    private const string Root = """
        {"type":"record","name":"Telemetry","namespace":"car","fields":[
          {"name":"time","type":"long"},
          {"name":"left","type":"Wheel"},
          {"name":"right","type":["null","car.Wheel"]},
          {"name":"gears","type":{"type":"array","items":"drive.Gear"}}]}
        """;

    private const string Wheel = """{"type":"record","name":"Wheel","namespace":"car","fields":[{"name":"speed","type":"double"},{"name":"gear","type":"drive.Gear"}]}""";

    private const string Gear = """{"type":"enum","name":"Gear","namespace":"drive","symbols":["N","ONE","TWO"]}""";

    [Test]
    public void Each_type_is_inserted_where_it_is_first_named()
    {
        RecordSchema joined = Load("Telemetry.avsc", ("Telemetry.avsc", Root), ("Wheel.avsc", Wheel), ("Gear.avsc", Gear));
        string written = """
            {"type":"record","name":"Telemetry","namespace":"car","fields":[
              {"name":"time","type":"long"},
              {"name":"left","type":{"type":"record","name":"Wheel","namespace":"car","fields":[{"name":"speed","type":"double"},{"name":"gear","type":{"type":"enum","name":"Gear","namespace":"drive","symbols":["N","ONE","TWO"]}}]}},
              {"name":"right","type":["null","car.Wheel"]},
              {"name":"gears","type":{"type":"array","items":"drive.Gear"}}]}
            """;
        Assert.Multiple(() =>
        {
            Assert.That(JsonNode.DeepEquals(JsonNode.Parse(joined.Text), JsonNode.Parse(written)), joined.Text);
            Assert.That(joined.Warnings, Is.Empty);
            byte[] record = [2, .. new byte[8], 2, 2, .. new byte[8], 4, 2, 0, 0];
            Assert.That(joined.Layout.Check(record), Is.EqualTo(RecordFaultKind.None));
        });
    }

    [Test]
    public void A_type_inside_another_file_can_be_named_and_is_defined_once()
    {
        RecordSchema joined = Load(
            "a.avsc",
            ("a.avsc", """{"type":"record","name":"A","namespace":"n","fields":[{"name":"kind","type":"n.Kind"},{"name":"b","type":"n.B"}]}"""),
            ("b.avsc", """[{"type":"record","name":"B","namespace":"n","fields":[{"name":"kind","type":{"type":"enum","name":"Kind","symbols":["X","Y"]}}]}]"""));
        Assert.That(joined.Layout.Check([2, 2]), Is.EqualTo(RecordFaultKind.None), joined.Text);
    }

    [Test]
    public void A_folder_with_one_file_equals_that_file() =>
        Assert.That(Load(null, ("only.avsc", Records.Schema)).Text, Is.EqualTo(Records.Schema));

    [Test]
    public void A_record_that_names_no_other_type_keeps_its_text() =>
        Assert.That(Load("a.avsc", ("a.avsc", Records.Schema), ("b.avsc", Gear)).Text, Is.EqualTo(Records.Schema));

    [TestCase(null, "SchemaRoot", TestName = "Several_files_without_a_root_are_refused")]
    [TestCase("nothing.avsc", "nothing.avsc", TestName = "A_missing_root_is_refused")]
    [TestCase("bad.avsc", "bad.avsc", TestName = "A_file_that_is_not_JSON_is_named")]
    public void A_wrong_folder_is_refused(string? root, string names) =>
        Assert.That(() => Load(root, ("a.avsc", Root), ("bad.avsc", "{")), Throws.TypeOf<SchemaException>().With.Message.Contains(names));

    [Test]
    public void A_type_that_two_files_define_is_refused() =>
        Assert.That(() => Load("a.avsc", ("a.avsc", Root), ("b.avsc", Gear), ("c.avsc", Gear)), Throws.TypeOf<SchemaException>().With.Message.Contains("c.avsc and b.avsc both define drive.Gear"));

    [Test]
    public void A_type_that_no_file_defines_is_refused() =>
        Assert.That(() => Load("a.avsc", ("a.avsc", Root), ("b.avsc", Gear)), Throws.TypeOf<SchemaException>().With.Message.Contains("Wheel"));

    private static RecordSchema Load(string? root, params (string Name, string Text)[] files)
    {
        using var folder = new TempFolder();
        foreach ((string name, string text) in files)
            folder.Write(name, text);
        return RecordSchema.Load(folder.Path, root);
    }
}
