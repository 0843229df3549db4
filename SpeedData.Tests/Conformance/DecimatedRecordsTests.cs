using System.Globalization;
using System.Text.Json;
using Avro.Generic;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;
using SpeedData.Tests.Decimate;
using SpeedData.Tests.Schema;
using SpeedData.Tests.Support;
using AvroSchema = Avro.Schema;

namespace SpeedData.Tests.Conformance;

/// <summary>Decimation sends records of the channel's schema: readers that know nothing of SpeedData read the same values.</summary>
public sealed class DecimatedRecordsTests
{
    private const int Schemas = 12, RecordsOfEach = 200;

    [Test]
    public void Apaches_Python_reader_reads_every_result_of_every_algorithm() => AssertReadAlike(AvroReader.Python);

    [Test]
    public void Avsc_reads_every_result_of_every_algorithm() => AssertReadAlike(AvroReader.Avsc);

    private static void AssertReadAlike(AvroReader reader)
    {
        reader.Demand();
        using var folder = new TempFolder();
        for (int seed = 0; seed < Schemas; seed++)
        {
            var random = new Random(seed);
            string schema = SignalSchema.Any(random);
            var oracle = new Oracle(SignalSchema.ForOracle(schema));
            byte[][] sent = [.. Enumerable.Range(0, RecordsOfEach).Select(_ => oracle.Encode(random))];
            List<byte[]> results = [.. Enum.GetValues<DecimationAlgorithm>().SelectMany(algorithm => Decimated(schema, algorithm, sent))];

            List<JsonElement> read = reader.Read(Container(folder, seed, SignalSchema.ForOracle(schema), results));

            Assert.That(read, Has.Count.EqualTo(results.Count), schema);
            for (int i = 0; i < results.Count; i++)
                AssertAlike(oracle.Read(results[i]), read[i], $"seed {seed}, result {i}, {schema}");
        }
    }

    private static List<byte[]> Decimated(string schema, DecimationAlgorithm algorithm, byte[][] records)
    {
        using var bench = new LoopBench(RecordSchema.Parse(schema).Layout, algorithm, factor: 3);
        bench.Receiver.Batch([.. records.Select(record => new BurstOf(1, record))]);
        bench.Run();
        return bench.Decimated.Sent;
    }

    /// <summary>Writes an object container file with one block.</summary>
    private static string Container(TempFolder folder, int number, string schema, List<byte[]> records)
    {
        byte[] sync = [.. Enumerable.Range(0, ContainerHeader.SyncLength).Select(i => (byte)i)];
        byte[] payload = [.. records.SelectMany(record => record)];
        string path = Path.Combine(folder.Path, $"{number}.avro");
        File.WriteAllBytes(path, [.. ContainerHeader.Encode([(ContainerHeader.SchemaKey, schema), (ContainerHeader.CodecKey, "null")], sync), .. Bytes.Long(records.Count), .. Bytes.Long(payload.Length), .. payload, .. sync]);
        return path;
    }

    /// <summary>Compares the numbers and texts of the record itself. Apache.Avro compares the rest where it reads both.</summary>
    private static void AssertAlike(GenericRecord expected, JsonElement read, string what)
    {
        foreach (Avro.Field field in expected.Schema.Fields)
        {
            JsonElement value = read.GetProperty(field.Name);
            string place = $"{field.Name}: {value} in {what}";
            switch (expected.GetValue(field.Pos))
            {
                case double number when field.Schema.Tag == AvroSchema.Type.Double:
                    Assert.That(value.GetDouble(), Is.EqualTo(number), place);
                    break;
                case float number when field.Schema.Tag == AvroSchema.Type.Float:
                    Assert.That((float)value.GetDouble(), Is.EqualTo(number), place);
                    break;
                case int or long when field.Schema.Tag is AvroSchema.Type.Int or AvroSchema.Type.Long:
                    Assert.That(value.ToString(), Is.EqualTo(Convert.ToString(expected.GetValue(field.Pos), CultureInfo.InvariantCulture)), place);
                    break;
                case string text when field.Schema.Tag == AvroSchema.Type.String:
                    Assert.That(value.GetString(), Is.EqualTo(text), place);
                    break;
            }
        }
    }
}
