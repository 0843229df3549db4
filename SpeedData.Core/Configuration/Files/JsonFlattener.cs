using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SpeedData.Core.Configuration;

/// <summary>
/// Flattens JSON to keys and texts in the same way as Microsoft.Extensions.Configuration.Json: names joined by colons, list items as
/// numbers, numbers as written, an empty list as an empty text, null and an empty group as null. Comments and trailing commas are
/// allowed.
/// </summary>
internal sealed class JsonFlattener(byte[] json)
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly int _start = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
    private readonly List<(string Key, long Line)> _repeated = [];

    public Dictionary<string, string?> Data { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys that are given more than once, with the line (from 1) of each repetition.</summary>
    public IReadOnlyList<(string Key, long Line)> Repeated => _repeated;

    /// <exception cref="JsonException">The file is not JSON, or not an object.</exception>
    public void Read()
    {
        var reader = new Utf8JsonReader(json.AsSpan(_start), Lenient);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("it must be an object { … }.", null, 0, 0);
            ReadGroup(ref reader, "");
            // Anything after the end is malformed. Only one more read finds it.
            reader.Read();
        }
        catch (InvalidOperationException e)
        {
            // A text is not Unicode. The reader notices that only when the text is read.
            throw new JsonException(e.Message, null, LineOf(reader.TokenStartIndex) - 1, 0, e);
        }
    }

    private void ReadGroup(ref Utf8JsonReader reader, string path)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            string key = path.Length == 0 ? name : $"{path}:{name}";
            bool isNew = names.Add(name);
            if (!isNew)
                _repeated.Add((key, LineOf(reader.TokenStartIndex)));
            reader.Read();
            ReadValue(ref reader, key, isNew);
        }

        if (names.Count == 0 && path.Length > 0)
            Data.TryAdd(path, null);
    }

    private void ReadList(ref Utf8JsonReader reader, string path)
    {
        int count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            ReadValue(ref reader, $"{path}:{count.ToString(CultureInfo.InvariantCulture)}", isNew: true);
        if (count == 0)
            Data.TryAdd(path, "");
    }

    private void ReadValue(ref Utf8JsonReader reader, string key, bool isNew)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            ReadGroup(ref reader, key);
        else if (reader.TokenType == JsonTokenType.StartArray)
            ReadList(ref reader, key);
        else if (!Data.TryAdd(key, Text(ref reader)) && isNew)
            // The same key in another spelling: "A:B" beside "A": { "B": … }.
            _repeated.Add((key, LineOf(reader.TokenStartIndex)));
    }

    private string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => bool.TrueString,
        JsonTokenType.False => bool.FalseString,
        JsonTokenType.Null => null,
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };

    private long LineOf(long tokenStart) => 1 + json.AsSpan(_start, (int)tokenStart).Count((byte)'\n');
}
