using System.Text.Json;
using SpeedData.Server.Http;

namespace SpeedData.Server.Live.Foxglove;

/// <summary>A client's request: topics to subscribe to, with the client's numbers, and subscriptions to end.</summary>
internal sealed record FoxgloveRequest(IReadOnlyList<(uint Subscription, uint Topic)> Subscribe, IReadOnlyList<uint> Unsubscribe, string? Unknown)
{
    /// <exception cref="JsonException">The message is not a JSON object.</exception>
    public static FoxgloveRequest Parse(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 16 });
        JsonElement root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("no object");
        return (root.TryGetProperty("op", out JsonElement op) ? JsonTexts.Of(op) : null) switch
        {
            "subscribe" => new FoxgloveRequest([.. Items(root, "subscriptions").Select(item => (Number(item, "id"), Number(item, "channelId"))).Where(pair => pair is { Item1: not null, Item2: not null }).Select(pair => (pair.Item1!.Value, pair.Item2!.Value))], [], null),
            "unsubscribe" => new FoxgloveRequest([], [.. Items(root, "subscriptionIds").Where(item => item.ValueKind == JsonValueKind.Number && item.TryGetUInt32(out _)).Select(item => item.GetUInt32())], null),
            var other => new FoxgloveRequest([], [], $"this server knows subscribe and unsubscribe, not '{other?[..Math.Min(other.Length, 50)]}'"),
        };
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static uint? Number(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetUInt32(out uint value) ? value : null;
}
