using AvroSchema = Avro.Schema;

namespace SpeedData.Core.Schema;

/// <summary>Calls Apache.Avro's parser, and throws one kind of exception instead of many.</summary>
internal static class AvroParser
{
    private const int LongestMessage = 300;

    private static readonly string[] Nested = ["array", "map", "enum", "fixed", "record"];

    /// <exception cref="SchemaException">The text is not a schema, or not the schema of a record.</exception>
    public static Avro.RecordSchema Record(string text)
    {
        var schema = Parse(text);
        return schema is Avro.RecordSchema { Tag: AvroSchema.Type.Record } record
            ? record
            : throw new SchemaException($"the schema is of type '{AvroSchema.GetTypeString(schema.Tag)}'; a channel needs a record, as in {{\"type\":\"record\",\"name\":\"…\",\"fields\":[…]}}");
    }

    /// <summary>Parses a schema of any type.</summary>
    /// <exception cref="SchemaException">The text is not a schema.</exception>
    public static AvroSchema Any(string text) => Parse(text);

    /// <summary>
    /// Lists what readers built on Apache.Avro for .NET reject in the file's own text, although the specification allows it.
    /// </summary>
    public static IEnumerable<string> Objections(string text)
    {
        try
        {
            AvroSchema.Parse(text);
            return [];
        }
        catch (Exception e)
        {
            return [$"Apache.Avro for .NET will not open archives with this schema: {OneLine(e.Message)}"];
        }
    }

    public static string OneLine(string message)
    {
        string line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }

    private static AvroSchema Parse(string text)
    {
        try
        {
            return AvroSchema.Parse(text) ?? throw new SchemaException("not an Avro schema");
        }
        catch (Exception e) when (e is not SchemaException)
        {
            string message = OneLine(e.Message);
            throw new SchemaException($"not an Avro schema: {message}{Hint(message)}", e);
        }
    }

    private static string Hint(string message)
    {
        const string Undefined = "Undefined name: ";
        if (!message.StartsWith(Undefined, StringComparison.Ordinal))
            return "";
        string name = message[Undefined.Length..].Split(' ')[0];
        return Nested.Contains(name)
            ? $"; a field of this type is written \"type\": {{\"type\":\"{name}\", …}}"
            : $"; the types are {AvscDialect.Types}";
    }
}
