using Avro.Generic;
using SpeedData.Tests.Container;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Reading;

/// <summary>A file from another writer, with records of a random schema.</summary>
internal sealed record ForeignFile(string Path, string Schema, IReadOnlyList<GenericRecord> Records)
{
    public static ForeignFile Write(string folder, Random random, string codec = "null")
    {
        Directory.CreateDirectory(folder);
        return Write(System.IO.Path.Combine(folder, "foreign.avro"), RandomSchema.Any(random), random, codec);
    }

    public static ForeignFile Write(string path, string schema, Random random, string codec)
    {
        var oracle = new Oracle(schema);
        var file = ContainerBuilder.Of(schema, codec);
        var records = new List<GenericRecord>();
        for (int block = random.Next(1, 4); block > 0; block--)
        {
            byte[][] encoded = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => oracle.Encode(random))];
            file.Block(codec, encoded.Length, encoded.SelectMany(bytes => bytes).ToArray());
            records.AddRange(encoded.Select(oracle.Read));
        }

        File.WriteAllBytes(path, file.Bytes);
        return new ForeignFile(path, schema, records);
    }
}
