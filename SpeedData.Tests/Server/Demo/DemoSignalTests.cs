using Avro.Generic;
using Avro.IO;
using SpeedData.Core.Schema;
using SpeedData.Server.Demo;
using SpeedData.Tests.Server.Support;
using OracleSchema = Avro.RecordSchema;

namespace SpeedData.Tests.Server.Demo;

public sealed class DemoSignalTests
{
    [TestCase(0, 0)]
    [TestCase(5, 1)]
    [TestCase(10, 0)]
    [TestCase(15, -1)]
    [TestCase(25, 1)]
    public void The_sine_has_a_period_of_20(int counter, double value) =>
        Assert.That(DemoSignal.Sine(counter), Is.EqualTo(value).Within(1e-12));

    [TestCase(0, 0)]
    [TestCase(10, 0.25)]
    [TestCase(39, 0.975)]
    [TestCase(40, 0)]
    public void The_ramp_takes_40_samples(int counter, double value) =>
        Assert.That(DemoSignal.Ramp(counter), Is.EqualTo(value));

    [TestCase(0, 1)]
    [TestCase(9, 1)]
    [TestCase(10, -1)]
    [TestCase(19, -1)]
    [TestCase(20, 1)]
    public void The_square_has_a_period_of_20(int counter, double value) =>
        Assert.That(DemoSignal.Square(counter), Is.EqualTo(value));

    [TestCase(0, 0L)]
    [TestCase(int.MaxValue, long.MaxValue)]
    [TestCase(1_234, 1_772_366_400_123_456_700L)]
    public void Apache_Avro_reads_the_record_as_it_was_sent(int counter, long timeNs)
    {
        byte[] buffer = new byte[DemoSignal.MaxBytes];

        int length = DemoSignal.Encode(buffer, timeNs, counter, -0.5);

        using var bytes = new MemoryStream(buffer, 0, length);
        var schema = (OracleSchema)Avro.Schema.Parse(File.ReadAllText(TestChannels.ExampleSchema));
        GenericRecord record = new GenericReader<GenericRecord>(schema, schema).Read(null!, new BinaryDecoder(bytes));
        Assert.Multiple(() =>
        {
            Assert.That(bytes.Position, Is.EqualTo(length));
            Assert.That(record["time"], Is.EqualTo(timeNs));
            Assert.That(record["message"], Is.EqualTo($"sample {counter}"));
            Assert.That(record["counter"], Is.EqualTo(counter));
            Assert.That(record["sine_wave"], Is.EqualTo(DemoSignal.Sine(counter)));
            Assert.That(record["ramp"], Is.EqualTo(DemoSignal.Ramp(counter)));
            Assert.That(record["square_wave"], Is.EqualTo(DemoSignal.Square(counter)));
            Assert.That(record["noise"], Is.EqualTo(-0.5));
        });
    }

    [Test]
    public void The_shipped_schema_has_the_fields_that_are_sent() =>
        Assert.That(DemoSignal.Fits(RecordSchema.Load(TestChannels.ExampleSchema).Layout), Is.True);

    [TestCase("""{"type":"record","name":"r","fields":[{"name":"time","type":"long"}]}""")]
    [TestCase("""{"type":"record","name":"r","fields":[{"name":"time","type":"long"},{"name":"message","type":"string"},{"name":"counter","type":"int"},{"name":"sine_wave","type":"double"},{"name":"ramp","type":"double"},{"name":"noise","type":"double"},{"name":"square_wave","type":"double"}]}""")]
    [TestCase("""{"type":"record","name":"r","fields":[{"name":"time","type":"long"},{"name":"message","type":"string"},{"name":"counter","type":"long"},{"name":"sine_wave","type":"double"},{"name":"ramp","type":"double"},{"name":"square_wave","type":"double"},{"name":"noise","type":"double"}]}""")]
    public void A_schema_with_other_fields_does_not_fit(string schema) =>
        Assert.That(DemoSignal.Fits(RecordSchema.Parse(schema).Layout), Is.False);
}
