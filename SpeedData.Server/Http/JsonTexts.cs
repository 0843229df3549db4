using System.Text.Json;

namespace SpeedData.Server.Http;

/// <summary>Reads texts of requests. JSON can escape half of a surrogate pair; .NET throws on it.</summary>
internal static class JsonTexts
{
    /// <summary>Returns the text; null if it is not a valid one.</summary>
    public static string? Of(JsonElement value) => value.ValueKind == JsonValueKind.String ? Read(value.GetString) : null;

    /// <summary>Returns the text; null if it is not a valid one.</summary>
    public static string? NameOf(JsonProperty property) => Read(() => property.Name);

    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
