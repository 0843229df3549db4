using System.Globalization;
using System.Text.Json;
using SpeedData.Core.Reading;
using SpeedData.Core.Tags;
using SpeedData.Server.Http;

namespace SpeedData.Server.Tags;

/// <summary>
/// Reads a request's body about a tag: <c>{from,to,channels,labels,note,marks}</c>. A missing key keeps its present value.
/// </summary>
internal static class TagBody
{
    private const int MostBytes = 4 << 20;

    private static readonly string[] Keys = ["from", "to", "channels", "labels", "note", "marks", "name"];

    /// <returns>The body; null if it is missing or not a JSON object.</returns>
    public static async Task<JsonElement?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is 0 or > MostBytes)
            return null;
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="TagException">A value is invalid.</exception>
    /// <exception cref="ReadingException">A time is invalid.</exception>
    public static Tag Over(Tag tag, JsonElement body, MomentText moments)
    {
        foreach (JsonProperty property in body.EnumerateObject())
        {
            JsonElement value = property.Value;
            tag = JsonTexts.NameOf(property) switch
            {
                "from" => tag with { FromNs = Moment("from", value, moments) ?? throw Wrong("from", "a tag needs a start") },
                "to" => tag with { ToNs = Moment("to", value, moments) },
                "channels" => tag with { Channels = value.ValueKind == JsonValueKind.Null ? [] : [.. Items("channels", value).Select(item => TextOf("channels", item))] },
                "labels" => tag with { Labels = Labels(value) },
                "note" => tag with { Note = value.ValueKind == JsonValueKind.Null ? null : TextOf("note", value) },
                "marks" => tag with { Marks = value.ValueKind == JsonValueKind.Null ? [] : [.. Items("marks", value).Select(item => Mark(item, moments)).OrderBy(mark => mark.AtNs)] },
                "name" when tag.Name.Equals(JsonTexts.Of(value), StringComparison.OrdinalIgnoreCase) => tag,
                var other => throw Wrong(other ?? "a key", $"{string.Join(", ", Keys)} are the known keys; the name is in the address"),
            };
        }

        return tag;
    }

    /// <summary>Reads the moment <c>at</c>; null if the body has none.</summary>
    public static long? At(JsonElement? body, MomentText moments) => body?.TryGetProperty("at", out JsonElement at) == true ? Moment("at", at, moments) : null;

    /// <exception cref="TagException">The body has no text.</exception>
    public static string Text(JsonElement? body) => body?.TryGetProperty("text", out JsonElement text) == true ? TextOf("text", text) : throw Wrong("text", "a mark needs a text: {\"text\":\"…\"}");

    private static TagMark Mark(JsonElement item, MomentText moments) => item.ValueKind == JsonValueKind.Object && At(item, moments) is { } at
        ? new TagMark(at, Text(item))
        : throw Wrong("marks", "this must be a list of {\"at\":…,\"text\":…}");

    private static Dictionary<string, string> Labels(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Object => value.EnumerateObject().Select(label => (Name: JsonTexts.NameOf(label) ?? throw Wrong("labels", "a label's name is not a valid text"), label.Value))
            .DistinctBy(label => label.Name).ToDictionary(label => label.Name, label => TextOf("labels", label.Value)),
        _ => throw Wrong("labels", "use an object of texts"),
    };

    private static long? Moment(string key, JsonElement value, MomentText moments) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => moments.Parse(key, TextOf(key, value)),
        JsonValueKind.Number when value.TryGetInt64(out long ns) => moments.Parse(key, ns.ToString(CultureInfo.InvariantCulture)),
        _ => throw Wrong(key, "use a time as text or in Unix nanoseconds"),
    };

    private static JsonElement.ArrayEnumerator Items(string key, JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(key, "use a list");

    private static string TextOf(string key, JsonElement value) => JsonTexts.Of(value) ?? throw Wrong(key, "use a text");

    private static TagException Wrong(string key, string why) => new(TagFault.Wrong, $"{key}: {why}");
}
