using System.Globalization;
using System.Text.Json;

namespace SpeedData.Server.Http.Registering;

/// <summary>A channel as a client sends it.</summary>
/// <param name="Name">The name, not checked yet.</param>
/// <param name="Port">The port; null for the next free one.</param>
/// <param name="Schema">A path on the server, a list of paths, or the schema itself.</param>
/// <param name="Config">Further keys; undefined if there are none.</param>
internal sealed record ChannelRequest(string Name, int? Port, JsonElement Schema, JsonElement Config)
{
    private static readonly string[] Required = ["name", "port", "schema"];

    private static readonly string[] Known = [.. Required, "config"];

    // Checking a key costs time, and so does a finding about it.
    private const int MostKeys = 1000;

    /// <summary>Fields of the body that a channel does not have. Ignoring one would hide that it was misspelt.</summary>
    public IReadOnlyList<KeyFindingView> Unknown { get; private init; } = [];

    /// <summary>Reads the request and checks, in this order: there is a body, it has the required fields, the port is a number.</summary>
    /// <param name="body">The body; null if it is not a JSON object.</param>
    /// <param name="why">Why <paramref name="body"/> is null.</param>
    /// <param name="name">The name in the address; null if the body contains the name.</param>
    /// <param name="problem">Why the request is refused.</param>
    public static ChannelRequest? TryRead(JsonElement? body, string? why, string? name, out ProblemView? problem)
    {
        problem = null;
        if (body is not { } fields)
        {
            problem = ProblemView.Of("Request body required", new KeyFindingView("body", null, "Request body required")) with { Details = why ?? "send a JSON object with name, port and schema" };
            return null;
        }

        string[] required = name is null ? Required : Required[1..];
        if (required.Where(field => IsMissing(fields, field)).ToArray() is { Length: > 0 } missing)
        {
            const string Missing = "Missing required fields";
            // The predecessor treated an empty object as no body.
            bool isEmpty = !fields.EnumerateObject().Any();
            problem = ProblemView.Of(isEmpty ? $"Request body required, and it is empty: {Missing}" : Missing, [.. missing.Select(field => new KeyFindingView(field, null, Missing))]) with { Required = required };
            return null;
        }

        if (!TryPort(fields.GetProperty("port"), out int? port))
        {
            problem = ProblemView.Of("Port must be an integer", new KeyFindingView("port", TextOf(fields.GetProperty("port")), "Port must be an integer")) with { Details = "or \"auto\" for the next free one" };
            return null;
        }

        if (KeysIn(fields) > MostKeys)
        {
            problem = RegistrationChecks.Refused([new KeyFindingView("config", null, $"the request has more than {MostKeys} fields and keys; a channel has fewer than 100")]);
            return null;
        }

        JsonElement config = fields.TryGetProperty("config", out JsonElement given) && given.ValueKind != JsonValueKind.Null ? given : default;
        return new ChannelRequest(name ?? TextOf(fields.GetProperty("name")), port, fields.GetProperty("schema"), config)
        {
            Unknown = [.. fields.EnumerateObject().Where(field => !Known.Contains(JsonTexts.NameOf(field))).Select(UnknownField)],
        };
    }

    /// <summary>Returns the name in the body; null if it has none.</summary>
    public static string? NameIn(JsonElement? body) => body is { } fields && fields.TryGetProperty("name", out JsonElement name) && name.ValueKind != JsonValueKind.Null ? TextOf(name) : null;

    /// <summary>Whether the request contains the schema itself instead of its path.</summary>
    public bool HasInlineSchema => Schema.ValueKind == JsonValueKind.Object;

    /// <summary>Returns the text of a value; the raw JSON if it is not valid Unicode.</summary>
    public static string TextOf(JsonElement value) => JsonTexts.Of(value) ?? value.GetRawText();

    /// <summary>Counts the fields and keys, those of the schema apart.</summary>
    private static int KeysIn(JsonElement fields) => fields.EnumerateObject().Sum(field => field.NameEquals("schema") ? 1 : 1 + Below(field.Value));

    private static int Below(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Sum(field => 1 + Below(field.Value)),
        JsonValueKind.Array => value.EnumerateArray().Sum(item => 1 + Below(item)),
        _ => 0,
    };

    private static KeyFindingView UnknownField(JsonProperty field) => new(
        JsonTexts.NameOf(field) ?? "a field",
        field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? null : TextOf(field.Value),
        $"there is no such field; the fields are {string.Join(", ", Known)}; further keys of the channel belong in config");

    /// <summary>Whether a field is missing. An empty text or object counts as missing, as in the predecessor.</summary>
    private static bool IsMissing(JsonElement fields, string field) =>
        !fields.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null
        || (value.ValueKind == JsonValueKind.String && TextOf(value).Length == 0)
        || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any());

    private static bool TryPort(JsonElement value, out int? port)
    {
        port = null;
        string text = TextOf(value).Trim();
        if (value.ValueKind == JsonValueKind.String && text == "auto")
            return true;
        bool isNumber = value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && decimal.TryParse(text, value.ValueKind == JsonValueKind.Number ? NumberStyles.Float : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number)
            && number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue
            && (port = (int)number) is not null;
        return isNumber;
    }
}
