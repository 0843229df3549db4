using SpeedData.Core.Configuration;
using SpeedData.Core.Live;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Live;

public sealed class LiveSignalTests
{
    [Test]
    public void A_channel_has_the_signals_of_all_its_schemas_in_their_order()
    {
        IReadOnlyList<LiveSignal> signals = Of("""{"name":"a","type":"double"},{"name":"new","type":"int"}""", """{"name":"old","type":"string"},{"name":"a","type":"double"}""");

        Assert.Multiple(() =>
        {
            Assert.That(signals.Select(signal => signal.Name), Is.EqualTo(new[] { "a", "new", "old" }));
            Assert.That(signals.Select(signal => signal.IsPartial), Is.EqualTo(new[] { false, true, true }));
            Assert.That(signals.Select(signal => signal.IsNullable), Is.All.False, "the field is null in no record");
        });
    }

    [TestCase("\"int\"", "\"long\"", "long", true)]
    [TestCase("\"float\"", "\"double\"", "double", true)]
    [TestCase("\"int\"", "\"double\"", "double", true)]
    [TestCase("\"int\"", "[\"null\",\"int\"]", "int", true)]
    [TestCase("\"string\"", "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]}", "string", false)]
    [TestCase("\"double\"", "\"string\"", "union", false)]
    public void A_signal_with_two_types_gets_a_type_that_holds_both(string newer, string older, string type, bool isNumber)
    {
        LiveSignal signal = Of($$"""{"name":"a","type":{{newer}}}""", $$"""{"name":"a","type":{{older}}}""").Single();

        Assert.That((signal.Type, signal.IsNumber, signal.IsNullable, signal.IsPartial), Is.EqualTo((type, isNumber, older.Contains("null", StringComparison.Ordinal), false)));
    }

    [Test]
    public void Two_different_units_are_dropped_and_symbols_are_merged()
    {
        IReadOnlyList<LiveSignal> signals = Of(
            """{"name":"a","type":"double","unit":"V"},{"name":"e","type":{"type":"enum","name":"e","symbols":["OFF","RUN"]}}""",
            """{"name":"a","type":"double","unit":"mV"},{"name":"e","type":{"type":"enum","name":"e","symbols":["OFF","TEST"]}}""");

        Assert.Multiple(() =>
        {
            Assert.That(signals[0].Unit, Is.Null);
            Assert.That(signals[1].Symbols, Is.EqualTo(new[] { "OFF", "RUN", "TEST" }));
        });
    }

    [TestCase("timestamp-millis", "timestamp-micros", "us")]
    [TestCase("timestamp-millis", "timestamp-millis", "ms")]
    public void The_devices_time_is_in_the_finer_unit(string newer, string older, string unit)
    {
        string Time(string type) => $$"""{"name":"t","type":{"type":"long","logicalType":"{{type}}"} }""";

        LiveSignal signal = Of(Time(newer), Time(older)).Single();

        Assert.That((signal.IsTime, signal.Unit), Is.EqualTo((true, unit)));
    }

    [Test]
    public void The_json_schema_of_several_schemas_fits_the_records_of_each()
    {
        string schema = RecordJson.SchemaOf(Schemas(
            """{"name":"both","type":"int"},{"name":"wider","type":"int"},{"name":"new","type":"string"},{"name":"apart","type":"string"}""",
            """{"name":"both","type":"int"},{"name":"wider","type":"double"},{"name":"old","type":"boolean"},{"name":"apart","type":"int"}"""));

        Assert.That(schema, Is.EqualTo("""{"type":"object","properties":{"both":{"type":"integer"},"wider":{"type":"number"},"new":{"type":"string"},"old":{"type":"boolean"}}}"""));
    }

    private static IReadOnlyList<LiveSignal> Of(params string[] fields) => LiveSignal.Of(Schemas(fields), new ChannelOptions { Name = "alpha", Port = 1, SchemaPath = "a.avsc" });

    private static RecordSchemas Schemas(params string[] fields) => new(fields.Select(each => RecordSchema.Parse($$"""{"type":"record","name":"r","fields":[{{each}}] }""")));
}
