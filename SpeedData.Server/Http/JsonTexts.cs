using System.Text.Json;

namespace SpeedData.Server.Http;

/// <summary>Texts of requests. JSON can escape half of a character, which .NET refuses with an exception.</summary>
internal static class JsonTexts
{
    /// <summary>Null for what is no text.</summary>
    public static string? Of(JsonElement value) => value.ValueKind == JsonValueKind.String ? Read(value.GetString) : null;

    /// <summary>Null for what is no text.</summary>
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
