using Avro.Generic;
using Avro.IO;
using SpeedData.Core.Schema;
using SpeedData.Server.Demo;
using OracleSchema = Avro.RecordSchema;

namespace SpeedData.Tests.Server.Demo;

public sealed class EngineSignalTests
{
    private static string SchemaFile => Path.Combine(AppContext.BaseDirectory, "schemas", "engine.avsc");

    [Test]
    public void The_shipped_schema_has_the_fields_that_are_sent() =>
        Assert.That(EngineSignal.Fits(RecordSchema.Load(SchemaFile).Layout), Is.True);

    [Test]
    public void Apache_Avro_reads_every_record_of_a_cycle_and_every_state_occurs()
    {
        var schema = (OracleSchema)Avro.Schema.Parse(File.ReadAllText(SchemaFile));
        var reader = new GenericReader<GenericRecord>(schema, schema);
        byte[] buffer = new byte[DemoSignal.MaxBytes];
        var states = new HashSet<string>();
        var boosts = new HashSet<bool>();
        for (int counter = 0; counter < EngineSignal.Round; counter++)
        {
            int length = EngineSignal.Encode(buffer, 1_772_366_400_000_000_000 + counter, counter, 0.25);
            using var bytes = new MemoryStream(buffer, 0, length);
            GenericRecord record = reader.Read(null!, new BinaryDecoder(bytes));
            Assert.That(bytes.Position, Is.EqualTo(length));
            Assert.That(record["rpm"], Is.InRange(0.0, 6_100.0));
            Assert.That(record["temperature"], Is.InRange(15f, 95f));
            Assert.That((object[])record["cylinder_pressure"], Has.Length.EqualTo(6));
            string state = ((GenericEnum)record["state"]).Value;
            states.Add(state);
            boosts.Add(record["boost"] is null);
            Assert.That(record["boost"] is null, Is.EqualTo(state != "RUNNING"));
        }

        Assert.That(states, Is.EquivalentTo(new[] { "OFF", "STARTING", "RUNNING", "STOPPING" }));
        Assert.That(boosts, Has.Count.EqualTo(2));
    }
}
