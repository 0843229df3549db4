using System.Text.Json;
using SpeedData.Server.Http;

namespace SpeedData.Server.Live;

internal enum LiveRequestKind
{
    Subscribe,
    Unsubscribe,
    Ping,
    Wrong,
}

/// <summary>A message of a watcher.</summary>
internal sealed record LiveRequest(LiveRequestKind Kind, uint? Id)
{
    public const int LeastWidth = 20, GreatestWidth = 60_000, DefaultWidth = 50, LongestToken = 100;

    public IReadOnlyList<string> Signals { get; private init; } = [];

    public int WidthMs { get; private init; } = DefaultWidth;

    public bool ByDevice { get; private init; }

    /// <summary>The token of a ping.</summary>
    public string? Token { get; private init; }

    /// <summary>Why the request is invalid.</summary>
    public string? Error { get; private init; }

    /// <exception cref="JsonException">The message is not a JSON object.</exception>
    public static LiveRequest Parse(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 8 });
        JsonElement root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("no object");
        uint? id = root.TryGetProperty("id", out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetUInt32(out uint known) ? known : null;
        string? type = TextOf(root, "type");
        return type switch
        {
            "ping" => new LiveRequest(LiveRequestKind.Ping, id) { Token = TextOf(root, "token") is { } token ? token[..Math.Min(token.Length, LongestToken)] : null },
            "subscribe" or "unsubscribe" when id is null => Wrong(id, "id must be a whole number from 0 to 4294967295"),
            "unsubscribe" => new LiveRequest(LiveRequestKind.Unsubscribe, id),
            "subscribe" => Subscribe(root, id!.Value),
            _ => Wrong(id, "type must be subscribe, unsubscribe or ping"),
        };
    }

    private static LiveRequest Subscribe(JsonElement root, uint id)
    {
        if (!root.TryGetProperty("signals", out JsonElement signals) || signals.ValueKind != JsonValueKind.Array || signals.EnumerateArray().Any(signal => signal.ValueKind != JsonValueKind.String))
            return Wrong(id, "signals must be a list of texts such as \"engine.rpm\"");
        int width = DefaultWidth;
        if (root.TryGetProperty("width_ms", out JsonElement wanted) && !(wanted.ValueKind == JsonValueKind.Number && wanted.TryGetInt32(out width) && width is >= LeastWidth and <= GreatestWidth))
            return Wrong(id, $"width_ms must be a whole number from {LeastWidth} to {GreatestWidth}");
        string? clock = root.TryGetProperty("clock", out _) ? TextOf(root, "clock") : "received";
        if (clock is not ("received" or "device"))
            return Wrong(id, "clock must be received or device");
        return new LiveRequest(LiveRequestKind.Subscribe, id)
        {
            Signals = [.. signals.EnumerateArray().Select(signal => JsonTexts.Of(signal) ?? "").Distinct(StringComparer.Ordinal)],
            WidthMs = width,
            ByDevice = clock == "device",
        };
    }

    private static string? TextOf(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement text) ? JsonTexts.Of(text) : null;

    private static LiveRequest Wrong(uint? id, string error) => new(LiveRequestKind.Wrong, id) { Error = error };
}
