using System.Buffers;
using System.Text.Json;

namespace SpeedData.Server.Live.Foxglove;

/// <summary>Writes the text messages of the protocol (foxglove/ws-protocol, docs/spec.md).</summary>
internal static class FoxgloveMessages
{
    public const int Warning = 1, Error = 2;

    public static byte[] ServerInfo(string version) => Text(json =>
    {
        json.WriteString("op", "serverInfo");
        json.WriteString("name", $"SpeedData {version}");
        json.WriteStartArray("capabilities");
        json.WriteEndArray();
        json.WriteStartArray("supportedEncodings");
        json.WriteStringValue("json");
        json.WriteEndArray();
    });

    public static byte[] Advertise(IEnumerable<FoxgloveTopic> topics) => Text(json =>
    {
        json.WriteString("op", "advertise");
        json.WriteStartArray("channels");
        foreach (FoxgloveTopic topic in topics)
        {
            json.WriteStartObject();
            json.WriteNumber("id", topic.Id);
            json.WriteString("topic", topic.Name);
            json.WriteString("encoding", "json");
            json.WriteString("schemaName", string.Join(" or ", topic.Known.Schemas!.Select(schema => schema.FullName).Distinct()));
            json.WriteString("schema", topic.Schema);
            json.WriteString("schemaEncoding", "jsonschema");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static byte[] Unadvertise(IEnumerable<FoxgloveTopic> topics) => Text(json =>
    {
        json.WriteString("op", "unadvertise");
        json.WriteStartArray("channelIds");
        foreach (FoxgloveTopic topic in topics)
            json.WriteNumberValue(topic.Id);
        json.WriteEndArray();
    });

    public static byte[] Status(int level, string message) => Text(json =>
    {
        json.WriteString("op", "status");
        json.WriteNumber("level", level);
        json.WriteString("message", message);
    });

    private static byte[] Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
