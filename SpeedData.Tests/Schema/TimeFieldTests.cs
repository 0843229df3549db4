using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Finds the field with the device's time, and reads it.</summary>
public class TimeFieldTests
{
    private const long Ns = 1_700_000_000_123_456_789;

    private static string Timestamp(string logicalType) => $$"""{"type":"long","logicalType":"{{logicalType}}"}""";

    [Test]
    public void The_time_field_is_the_first_long_with_a_timestamp_type()
    {
        var layout = Schemas.Layout(
            ("time", "\"long\""), ("inner", """{"type":"record","name":"i","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-nanos"}}]}"""),
            ("maybe", $"[\"null\",{Timestamp("timestamp-nanos")}]"), ("stamp", Timestamp("timestamp-micros")), ("later", Timestamp("timestamp-millis")));
        var time = TimeField.Find(layout)!;
        Assert.That((time.Name, time.Index, time.UnitNs), Is.EqualTo(("stamp", 3, 1_000L)));
    }

    [Test]
    public void Without_a_timestamp_the_time_field_is_the_long_named_time_in_nanoseconds()
    {
        var time = TimeField.Find(Schemas.Layout(("other", "\"long\""), ("time", "\"long\"")))!;
        Assert.That((time.Name, time.UnitNs), Is.EqualTo(("time", 1L)));
    }

    [TestCase("\"int\"")]
    [TestCase("\"double\"")]
    [TestCase("[\"null\",\"long\"]")]
    [TestCase("""{"type":"int","logicalType":"time-millis"}""")]
    public void A_field_named_time_that_is_not_a_long_is_no_time_field(string type) => Assert.That(TimeField.Find(Schemas.Layout(("time", type))), Is.Null);

    [Test]
    public void Another_field_and_another_unit_can_be_configured()
    {
        var layout = Schemas.Layout(("time", Timestamp("timestamp-nanos")), ("ticks", "\"long\""), ("n", "\"int\""));
        Assert.Multiple(() =>
        {
            Assert.That(TimeField.Find(layout, "ticks")!.UnitNs, Is.EqualTo(1));
            Assert.That(TimeField.Find(layout, "ticks", 1_000_000)!.UnitNs, Is.EqualTo(1_000_000));
            Assert.That(TimeField.Find(layout, null, 1_000_000_000)!.UnitNs, Is.EqualTo(1_000_000_000));
            Assert.That(TimeField.Find(layout, "n"), Is.Null);
            Assert.That(TimeField.Find(layout, "nothing"), Is.Null);
            Assert.That(TimeField.Candidates(layout), Is.EqualTo(new[] { "time", "ticks" }));
        });
    }

    [TestCase("timestamp-nanos", 1)]
    [TestCase("timestamp-micros", 1_000)]
    [TestCase("timestamp-millis", 1_000_000)]
    [TestCase("local-timestamp-nanos", 1)]
    [TestCase("local-timestamp-micros", 1_000)]
    [TestCase("local-timestamp-millis", 1_000_000)]
    public void The_unit_follows_from_the_logical_type(string logicalType, long unitNs)
    {
        var time = TimeField.Find(Schemas.Layout(("at", Timestamp(logicalType))))!;
        Assert.That(time.UnitNs, Is.EqualTo(unitNs));
        Assert.That(time.TryRead(Bytes.Long(Ns / unitNs), out long read), Is.True);
        Assert.That(read, Is.EqualTo(Ns / unitNs * unitNs));
    }

    [Test]
    public void The_time_is_read_after_fields_of_any_type_and_size()
    {
        var layout = Schemas.Layout(
            ("name", "\"string\""), ("list", """{"type":"array","items":"double"}"""), ("choice", """["null","string"]"""), ("d", "\"double\""),
            ("time", Timestamp("timestamp-nanos")), ("rest", "\"bytes\""));
        byte[] record = [.. Bytes.String("pump"), .. Bytes.Long(2), .. new byte[16], 0, 2, .. Bytes.String("x"), .. new byte[8], .. Bytes.Long(Ns), .. Bytes.Sized([1, 2, 3])];
        Assert.That(layout.Check(record), Is.EqualTo(RecordFaultKind.None));
        Assert.That(TimeField.Find(layout)!.TryRead(record, out long read), Is.True);
        Assert.That(read, Is.EqualTo(Ns));
    }

    [Test]
    public void A_time_that_nanoseconds_cannot_hold_is_not_read()
    {
        var seconds = TimeField.Find(Schemas.Layout(("time", "\"long\"")), null, 1_000_000_000)!;
        Assert.Multiple(() =>
        {
            Assert.That(seconds.TryRead(Bytes.Long(9_223_372_036), out long last), Is.True);
            Assert.That(last, Is.EqualTo(9_223_372_036_000_000_000));
            Assert.That(seconds.TryRead(Bytes.Long(9_223_372_037), out _), Is.False);
            Assert.That(seconds.TryRead(Bytes.Long(-9_223_372_036), out long first), Is.True);
            Assert.That(first, Is.EqualTo(-9_223_372_036_000_000_000));
            Assert.That(seconds.TryRead(Bytes.Long(-9_223_372_037), out _), Is.False);
        });
    }

    [Test]
    public void A_record_that_ends_before_the_time_field_gives_no_time()
    {
        var time = TimeField.Find(Schemas.Layout(("name", "\"string\""), ("time", "\"long\"")))!;
        byte[] record = [.. Bytes.String("pump"), .. Bytes.Long(Ns)];
        for (int length = 0; length < record.Length; length++)
            Assert.That(time.TryRead(record.AsSpan(0, length), out _), Is.False);
    }

    [Test]
    public void Reading_the_time_allocates_nothing()
    {
        var time = TimeField.Find(RecordSchema.Parse(Schemas.Bench(3)).Layout)!;
        byte[] record = Schemas.BenchRecord(3);
        time.TryRead(record, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            time.TryRead(record, out _);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
