using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Converts a request to the file of a registered channel, and back.</summary>
internal static class RegistrationFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 600 };

    private static readonly string[] OwnKeys = ["Name", "Port", "Schema"];

    /// <param name="request">The request.</param>
    /// <param name="port">The channel's port.</param>
    /// <param name="folder">The folder of registered channels.</param>
    /// <param name="absolute">Makes a path of the request absolute.</param>
    /// <param name="present">The schema in the channel's present file. Its text is kept if the request's schema means the same.</param>
    public static RegisteredFile Of(ChannelRequest request, int port, ChannelsFolder folder, Func<string, string> absolute, string? present)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            json.WriteString("Name", request.Name);
            json.WriteNumber("Port", port);
            WriteSchema(json, request.Schema, absolute, present);
            if (request.Config.ValueKind == JsonValueKind.Object)
                WriteConfig(json, request.Config);
            else if (request.Config.ValueKind != JsonValueKind.Undefined)
                Write(json, "config", request.Config);
            json.WriteEndObject();
        }

        // The name becomes part of a path, so only a valid name is used.
        bool isName = request.Name.Length is > 0 and <= 64 && request.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        return new RegisteredFile(request.Name, folder.PathOf(isName ? request.Name : "_"), text.ToArray());
    }

    /// <summary>Returns the request that would write this file.</summary>
    public static RegistrationView View(RegisteredChannel channel)
    {
        using JsonDocument file = JsonDocument.Parse(channel.File.Text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 600 });
        JsonElement schema = default;
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            foreach (JsonProperty key in file.RootElement.EnumerateObject())
            {
                if (key.Name.Equals("Schema", StringComparison.OrdinalIgnoreCase))
                    schema = key.Value.Clone();
                else if (!OwnKeys.Contains(key.Name, StringComparer.OrdinalIgnoreCase))
                    key.WriteTo(json);
            }

            json.WriteEndObject();
        }

        using JsonDocument config = JsonDocument.Parse(text.ToArray());
        return new RegistrationView(channel.Name, channel.Options.Port, schema, config.RootElement.Clone());
    }

    private static void WriteSchema(Utf8JsonWriter json, JsonElement schema, Func<string, string> absolute, string? present)
    {
        json.WritePropertyName("Schema");
        if (schema.ValueKind == JsonValueKind.Object)
        {
            // The schema is stored byte for byte as sent, since it becomes the header of archives.
            json.WriteRawValue(present is not null && IsSame(schema, present) ? present : schema.GetRawText(), skipInputValidation: true);
        }
        else if (schema.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (JsonElement path in schema.EnumerateArray())
                json.WriteStringValue(absolute(ChannelRequest.TextOf(path)));
            json.WriteEndArray();
        }
        else
        {
            json.WriteStringValue(absolute(ChannelRequest.TextOf(schema)));
        }
    }

    private static bool IsSame(JsonElement schema, string present)
    {
        using JsonDocument document = JsonDocument.Parse(present, new JsonDocumentOptions { MaxDepth = 600 });
        return JsonElement.DeepEquals(schema, document.RootElement);
    }

    private static void WriteConfig(Utf8JsonWriter json, JsonElement config)
    {
        foreach (JsonProperty key in config.EnumerateObject())
        {
            // The predecessor's two keys: its page sends null for an empty field.
            if (key.Name is "decimation" or "rotation" && key.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (key.Name == "decimation" && key.Value.ValueKind != JsonValueKind.Object)
                Write(json, "Decimated:Factor", key.Value);
            else if (key.Name == "rotation")
                json.WriteString("Archive:RotateEvery", Seconds(key.Value));
            else
                Write(json, key.Name, key.Value);
        }
    }

    private static string Seconds(JsonElement value)
    {
        string text = ChannelRequest.TextOf(value);
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds) ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s") : text;
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
