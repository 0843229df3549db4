using System.Text;
using Avro.Generic;
using Avro.IO;
using AvroSchema = Avro.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Apache.Avro as the judge: random values, its encoding of them, and its reading of bytes.</summary>
/// <param name="schema">The schema's text.</param>
/// <param name="doubles">Draws doubles and floats; null: ordinary ones.</param>
internal sealed class Oracle(string schema, Func<Random, double>? doubles = null)
{
    private readonly AvroSchema _schema = AvroSchema.Parse(schema);

    /// <summary>A random record in Apache.Avro's encoding.</summary>
    public byte[] Encode(Random random) => Write(Value(_schema, random, 0));

    /// <summary>
    /// The bytes Apache.Avro writes for what it reads, or null where it does not read them to the end. Only for bytes
    /// whose lengths and counts are known to be sound: it allocates what they state.
    /// </summary>
    public byte[]? ReadWholeAndWrite(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            var value = new GenericDatumReader<object>(_schema, _schema).Read(null!, new BinaryDecoder(stream));
            return stream.Position == bytes.Length ? Write(value) : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private byte[] Write(object? value)
    {
        using var stream = new MemoryStream();
        var encoder = new BinaryEncoder(stream);
        new GenericDatumWriter<object>(_schema).Write(value!, encoder);
        encoder.Flush();
        return stream.ToArray();
    }

    /// <summary>The record that the bytes are, which must be valid.</summary>
    public GenericRecord Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return new GenericDatumReader<GenericRecord>(_schema, _schema).Read(null!, new BinaryDecoder(stream));
    }

    private object? Value(AvroSchema schema, Random random, int depth) => schema switch
    {
        Avro.LogicalSchema logical => Value(logical.BaseSchema, random, depth),
        Avro.RecordSchema record => Record(record, random, depth),
        Avro.EnumSchema choice => new GenericEnum(choice, choice.Symbols[random.Next(choice.Symbols.Count)]),
        Avro.FixedSchema fixedWidth => new GenericFixed(fixedWidth, Random(random, fixedWidth.Size)),
        Avro.ArraySchema array => Items(random, depth).Select(_ => Value(array.ItemSchema, random, depth + 1)).ToArray(),
        Avro.MapSchema map => Items(random, depth).ToDictionary(i => $"{Text(random)}{i}", _ => Value(map.ValueSchema, random, depth + 1)!),
        // Deep down only a union's first branch that ends recursion is taken: it is "null" where a record is named again.
        Avro.UnionSchema union => Value(union.Schemas[depth > 12 ? 0 : random.Next(union.Count)], random, depth + 1),
        _ => Leaf(schema.Tag, random),
    };

    private GenericRecord Record(Avro.RecordSchema schema, Random random, int depth)
    {
        var record = new GenericRecord(schema);
        foreach (var field in schema.Fields)
            record.Add(field.Pos, Value(field.Schema, random, depth + 1));
        return record;
    }

    private object? Leaf(AvroSchema.Type type, Random random) => type switch
    {
        AvroSchema.Type.Null => null,
        AvroSchema.Type.Boolean => random.Next(2) == 1,
        AvroSchema.Type.Int => (int)Integer(random, 32),
        AvroSchema.Type.Long => Integer(random, 64),
        AvroSchema.Type.Float => (float)(doubles?.Invoke(random) ?? random.NextDouble()),
        AvroSchema.Type.Double => doubles?.Invoke(random) ?? (random.NextDouble() * 1e9),
        AvroSchema.Type.Bytes => Random(random, random.Next(20)),
        AvroSchema.Type.String => Text(random),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    // Every number of bits is as likely, and with it every length of the encoding.
    private static long Integer(Random random, int bits) =>
        random.NextInt64(long.MinValue, long.MaxValue) >> (64 - random.Next(1, bits + 1));

    private static IEnumerable<int> Items(Random random, int depth) => Enumerable.Range(0, random.Next(depth > 5 ? 1 : 5));

    private static byte[] Random(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random)
    {
        Rune[] alphabet = [new('a'), new('\0'), new('é'), new('漢'), new(0x1F680)];
        return string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => alphabet[random.Next(alphabet.Length)].ToString()));
    }
}
