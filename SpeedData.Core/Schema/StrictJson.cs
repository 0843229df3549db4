using System.Text;
using System.Text.Json;

namespace SpeedData.Core.Schema;

/// <summary>
/// Demands RFC 8259 of a schema file: no comments, no trailing commas, no property twice in one object. Apache.Avro's parser is less
/// strict than the readers that will open the archive, and does not limit nesting.
/// </summary>
internal static class StrictJson
{
    /// <summary>The largest nesting depth of objects and arrays, enough for about twenty nested records.</summary>
    public const int MaxDepth = 64;

    /// <exception cref="SchemaException">The text is not strict JSON. The message has line and column, counted from 1.</exception>
    public static void Demand(string text)
    {
        byte[] json = Encoding.UTF8.GetBytes(text);
        if (json.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            throw new SchemaException("the file is empty; it must contain the Avro schema of a record, as JSON");
        try
        {
            DemandTokens(json);
        }
        catch (JsonException e)
        {
            throw new SchemaException($"not JSON: {At(json, e)}: {Wording(json, e)}", e);
        }
    }

    private static void DemandTokens(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var objects = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    objects.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    objects.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    DemandNew(reader.GetString()!, objects.Peek(), json, (int)reader.TokenStartIndex);
                    break;
                case JsonTokenType.String:
                    DemandWhole(ref reader, json);
                    break;
            }
        }
    }

    private static void DemandNew(string name, HashSet<string> names, byte[] json, int offset)
    {
        if (!names.Add(name))
            throw new SchemaException($"not strict JSON: {At(json, offset)}: property \"{name}\" appears twice in one object; keep one");
    }

    // An escaped half of a surrogate pair is valid JSON but not valid text.
    private static void DemandWhole(ref Utf8JsonReader reader, byte[] json)
    {
        try
        {
            reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new SchemaException($"not JSON: {At(json, (int)reader.TokenStartIndex)}: a text with half a surrogate pair", e);
        }
    }

    private static string At(byte[] json, int offset)
    {
        var before = json.AsSpan(0, offset);
        return Position(before.Count((byte)'\n'), before[(before.LastIndexOf((byte)'\n') + 1)..]);
    }

    private static string At(byte[] json, JsonException e) => At(json, Offset(json, e));

    private static string Position(int lines, ReadOnlySpan<byte> line) =>
        $"line {lines + 1}, column {Encoding.UTF8.GetCharCount(line) + 1}";

    private static int Offset(byte[] json, JsonException e)
    {
        int start = 0;
        for (long line = e.LineNumber ?? 0; line > 0; line--)
            start += json.AsSpan(start).IndexOf((byte)'\n') + 1;
        return (int)Math.Min(json.Length, start + (e.BytePositionInLine ?? 0));
    }

    private static string Wording(byte[] json, JsonException e)
    {
        int offset = Offset(json, e);
        if (json.AsSpan(offset).StartsWith("/"u8))
            return "a comment; JSON has none, put the text into a \"doc\" property";
        if (e.Message.Contains("trailing comma", StringComparison.Ordinal))
            return "a comma before the closing bracket; remove it";
        // The reader's message mentions depth here too: the depth that is still open at the end.
        if (offset == json.Length && e.Message.Contains("should be closed", StringComparison.Ordinal))
            return "the file ends inside an object or array; it is cut off, or a closing bracket is missing";
        if (e.Message.Contains("depth", StringComparison.Ordinal))
            return $"nested deeper than {MaxDepth}; define inner types once and refer to them by name";
        int detail = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return detail < 0 ? e.Message : e.Message[..detail];
    }
}
