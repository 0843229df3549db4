using System.Text;
using Avro.Generic;
using Avro.IO;
using AvroSchema = Avro.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Uses Apache.Avro as the reference: draws random values, encodes them, and decodes bytes.</summary>
/// <param name="schema">Text of the schema.</param>
/// <param name="doubles">Draws doubles and floats; null for ordinary ones.</param>
internal sealed class Oracle(string schema, Func<Random, double>? doubles = null)
{
    private readonly AvroSchema _schema = AvroSchema.Parse(schema);

    /// <summary>Encodes a random record with Apache.Avro.</summary>
    public byte[] Encode(Random random) => Write(Value(_schema, random, 0));

    /// <summary>
    /// Decodes the bytes with Apache.Avro and encodes the value again. Returns null if it does not read them to the end. Pass
    /// only bytes with valid lengths and counts, because Apache.Avro allocates what they state.
    /// </summary>
    public byte[]? ReadToEndAndWrite(byte[] bytes)
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

    /// <summary>Decodes the bytes, which must be a valid record.</summary>
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
        // Deep down, takes a union's first branch. It is "null" wherever a record refers to itself, so the recursion ends.
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

    // Draws the number of bits first, so that every length of the encoding is equally likely.
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
