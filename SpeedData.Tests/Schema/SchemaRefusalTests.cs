using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Refused schemas. The message says what is wrong and where.</summary>
public class SchemaRefusalTests
{
    private const string Field = """{"name":"t","type":"long"}""";

    private static string Of(string fields) => $$"""{"type":"record","name":"r","fields":[{{fields}}]}""";

    private static IEnumerable<TestCaseData> Refusals()
    {
        static TestCaseData Case(string name, string text, params string[] parts) => new TestCaseData(text, parts).SetName(name);

        yield return Case("An_empty_file_is_refused", " \n", "empty");
        yield return Case("A_text_that_is_not_JSON_is_refused_with_its_position", "{\"type\": \"record\",\n  name: \"r\"}", "line 2, column 3");
        yield return Case("A_cut_off_file_is_refused", Of(Field)[..^2], "not JSON", "line 1");
        yield return Case("A_file_that_ends_inside_an_array_is_reported_as_cut_off_and_not_as_too_deep", Of(Field)[..^3], "cut off", "closing bracket");
        yield return Case("A_line_comment_is_refused", "{\n// telemetry\n\"type\":\"record\"}", "line 2, column 1", "comment", "doc");
        yield return Case("A_block_comment_is_refused", Of(Field) + "/* end */", "comment");
        yield return Case("A_trailing_comma_is_refused", Of(Field + ","), "line 1", "comma");
        yield return Case("A_duplicate_property_is_refused", "{\"type\":\"record\",\n\"name\":\"r\",\"name\":\"r\",\"fields\":[" + Field + "]}", "line 2, column 12", "\"name\"", "twice");
        yield return Case("A_duplicate_property_with_an_escaped_name_is_refused", """{"type":"record","name":"r","n\u0061me":"q","fields":[]}""", "twice");
        yield return Case("Half_a_surrogate_pair_is_refused", """{"type":"record","name":"r","doc":"\ud800","fields":[]}""", "surrogate");
        yield return Case("Endless_nesting_is_refused", new string('[', 100_000), "nested deeper than 64");
        yield return Case("Text_after_the_schema_is_refused", Of(Field) + "{}", "not JSON");
        yield return Case("A_schema_of_one_type_is_refused", "\"long\"", "'long'", "record");
        yield return Case("A_union_is_refused", "[\"null\"," + Of(Field) + "]", "'union'", "record");
        yield return Case("A_number_is_refused", "5", "not an Avro schema");
        yield return Case("A_null_is_refused", "null", "'null'", "record");
        yield return Case("A_record_without_fields_is_refused", """{"type":"record","name":"r"}""", "fields");
        yield return Case("A_record_without_a_name_is_refused", """{"type":"record","fields":[]}""", "name");
        yield return Case("An_unknown_type_is_refused_with_the_known_types", Of("""{"name":"t","type":"integer"}"""), "integer", "fields[0]", "boolean, int, long");
        yield return Case("An_array_without_nesting_is_refused_with_the_nested_form", Of("""{"name":"t","type":"array","items":"int"}"""), "\"type\": {\"type\":\"array\"");
        yield return Case("A_duplicate_field_is_refused", Of(Field + "," + Field), "duplicate");
        yield return Case("A_name_defined_twice_is_refused", Of("""{"name":"t","type":{"type":"enum","name":"r","symbols":["A"]}}"""), "Duplicate");
        yield return Case("A_field_name_with_a_blank_is_refused", Of("""{"name":"a b","type":"int"}"""), "a b");
        yield return Case("A_namespace_with_an_empty_part_is_refused", """{"type":"record","name":"r","namespace":"a..b","fields":[{"name":"t","type":"int"}]}""", "a..b.r");
        yield return Case("A_symbol_with_a_blank_is_refused", Of("""{"name":"t","type":{"type":"enum","name":"e","symbols":["A B"]}}"""), "A B");
        yield return Case("An_enum_without_symbols_is_refused", Of("""{"name":"t","type":{"type":"enum","name":"e","symbols":[]}}"""), "'e'", "symbol");
        yield return Case("A_union_without_branches_is_refused", Of("""{"name":"t","type":[]}"""), "branches");
        yield return Case("A_union_of_two_ints_is_refused", Of("""{"name":"t","type":["int","int"]}"""), "int");
        yield return Case("A_union_in_a_union_is_refused", Of("""{"name":"t","type":["int",["null"]]}"""), "union");
        yield return Case("A_type_wrapped_in_an_object_is_refused", Of("""{"name":"t","type":{"type":{"type":"fixed","name":"d","size":12},"logicalType":"duration"}}"""), "'t'", "wrapped");
        yield return Case("A_fixed_of_negative_size_is_refused", Of("""{"name":"t","type":{"type":"fixed","name":"f","size":-1}}"""), "size");
        yield return Case("An_empty_fixed_is_refused", Of("""{"name":"t","type":{"type":"fixed","name":"f","size":0}}"""), "size");
        yield return Case("A_record_of_no_fields_is_refused", Of(""), "no bytes");
        yield return Case("A_record_of_nulls_is_refused", Of("""{"name":"n","type":"null"},{"name":"e","type":{"type":"record","name":"q","fields":[]}}"""), "'r'", "no bytes");
        yield return Case("A_record_that_contains_itself_is_refused", Of("""{"name":"t","type":"r"}"""), "'r'", "without end");
        yield return Case("Two_records_that_contain_each_other_are_refused", Of("""{"name":"t","type":{"type":"record","name":"q","fields":[{"name":"back","type":["r"]}]}}"""), "without end");
        yield return Case("An_endless_item_of_an_array_is_refused", Of("""{"name":"t","type":{"type":"array","items":{"type":"record","name":"q","fields":[{"name":"q","type":"q"}]}}}"""), "'q'", "without end");
        yield return Case("A_record_larger_than_any_datagram_is_refused", Of("""{"name":"t","type":{"type":"fixed","name":"f","size":65508}}"""), "65,508", "65,507");
        yield return Case("Records_by_name_nested_too_deep_are_refused", Chain(70), "64");
        yield return Case("A_record_that_doubles_with_every_name_is_refused", Doubling(60), "datagram");
    }

    [TestCaseSource(nameof(Refusals))]
    public void A_schema_is_refused_in_one_line_that_says_why(string text, string[] parts)
    {
        var fault = Assert.Throws<SchemaException>(() => RecordSchema.Parse(text));

        Assert.Multiple(() =>
        {
            foreach (string part in parts)
                Assert.That(fault.Message, Does.Contain(part));
            Assert.That(fault.Message, Does.Not.Contain('\n'));
            Assert.That(fault.Message, Has.Length.LessThan(700));
        });
    }

    [Test]
    public void The_longest_allowed_names_and_sizes_are_accepted()
    {
        Assert.Multiple(() =>
        {
            Assert.That(RecordSchema.Parse(Chain(63)).Layout.MinSize, Is.EqualTo(1 + 8));
            Assert.That(RecordSchema.Parse(Of("""{"name":"t","type":{"type":"fixed","name":"f","size":65507}}""")).Layout.FixedSize, Is.EqualTo(65_507));
        });
    }

    /// <summary>Makes a chain of records, each with a field of the previous one: deeply nested by name, but flat as JSON.</summary>
    private static string Chain(int length) => SideBySide(length, previous => $$"""{"name":"a","type":"{{previous}}"}""");

    private static string Doubling(int length) =>
        SideBySide(length, previous => $$"""{"name":"a","type":"{{previous}}"},{"name":"b","type":"{{previous}}"}""");

    private static string SideBySide(int length, Func<string, string> contain)
    {
        string names = string.Join(',', Enumerable.Range(0, length).Select(i =>
            $$"""{"type":"record","name":"n{{i}}","fields":[{{Inside(i)}}]}"""));
        return Of($$"""{"name":"any","type": {"type":"array","items":[{{names}}] } },{"name":"all","type":"n{{length - 1}}"}""");

        string Inside(int i) => i == 0 ? """{"name":"d","type":"double"}""" : contain($"n{i - 1}");
    }
}
