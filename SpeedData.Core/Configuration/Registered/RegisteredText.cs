using System.Text;
using System.Text.Json;
using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Registered;

/// <summary>
/// Splits the text of a registered channel's file into the keys of the channel and the schema, if the file contains it. The schema
/// keeps its own bytes, because they become the header of archives.
/// </summary>
internal sealed class RegisteredText
{
    private const int DeepestSchema = 512;

    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DeepestSchema };

    private RegisteredText(SettingNode keys, string? inlineSchema, IReadOnlyList<(string Key, long Line)> repeated)
    {
        (Keys, InlineSchema, Repeated) = (keys, inlineSchema, repeated);
    }

    public SettingNode Keys { get; }

    public string? InlineSchema { get; }

    /// <summary>Keys that are given more than once, with the line.</summary>
    public IReadOnlyList<(string Key, long Line)> Repeated { get; }

    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static RegisteredText Read(RegisteredFile file)
    {
        byte[] json = WithoutSchema(file, out string? schema);
        var flattened = new JsonFlattener(json);
        flattened.Read();
        var root = new SettingNode(file.Name, file.Path);
        foreach ((string key, string? value) in flattened.Data)
            key.Split(':').Aggregate(root, (node, name) => node.GetOrAdd(name)).Set(value, 0);
        return new RegisteredText(root, schema, flattened.Repeated);
    }

    /// <summary>Returns the text with the schema's path in place of a schema. Later lines keep their numbers.</summary>
    private static byte[] WithoutSchema(RegisteredFile file, out string? schema)
    {
        ReadOnlySpan<byte> json = file.Text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? file.Text.AsSpan(Encoding.UTF8.Preamble.Length) : file.Text;
        schema = null;
        (int start, int end) = FindSchema(json);
        if (end == 0)
            return json.ToArray();
        ReadOnlySpan<byte> inline = json[start..end];
        schema = Encoding.UTF8.GetString(inline);
        byte[] path = JsonSerializer.SerializeToUtf8Bytes(file.InlineSchemaPath);
        byte[] lines = new byte[inline.Count((byte)'\n')];
        lines.AsSpan().Fill((byte)'\n');
        return [.. json[..start], .. path, .. lines, .. json[end..]];
    }

    /// <returns>Where the value of Schema begins and ends, if it is an object.</returns>
    private static (int Start, int End) FindSchema(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Lenient);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !string.Equals(reader.GetString(), "Schema", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                continue;
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            return (start, (int)reader.BytesConsumed);
        }

        return default;
    }
}
