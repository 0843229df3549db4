using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Server.Http;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Http;

/// <summary>Every key of a channel must be in the API's <c>config</c>. The test fails if a new key is forgotten there.</summary>
public sealed class ConfigViewTests
{
    // Options that the view shows under another name: spans carry their unit, and the schema is the configured path.
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["SchemaPath"] = "schema",
        ["SchemaPaths"] = "schemas",
        ["UnitNs"] = "unit",
    };

    // The channel's name is next to `config`, not in it. The other schemas are part of `schemas`.
    private static readonly string[] Beside = ["Name", "OtherSchemas", "EqualityContract"];

    [Test]
    public void Each_key_of_a_channel_is_shown()
    {
        ConfigView view = ConfigView.Of(TestChannels.Options(), 4711);
        using JsonDocument json = JsonSerializer.SerializeToDocument(view, ApiJson.Default.Options);
        Assert.That(Missing(typeof(ChannelOptions), json.RootElement, ""), Is.Empty);
    }

    private static IEnumerable<string> Missing(Type options, JsonElement view, string path)
    {
        foreach (var property in options.GetProperties().Where(p => !Beside.Contains(p.Name)))
        {
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(OtherNames.GetValueOrDefault(property.Name, property.Name));
            bool isShown = view.TryGetProperty(name, out JsonElement shown) || view.TryGetProperty($"{name}_seconds", out shown);
            if (!isShown)
                yield return path + property.Name;
            else if (shown.ValueKind == JsonValueKind.Object)
                foreach (string deeper in Missing(property.PropertyType, shown, $"{path}{property.Name}:"))
                    yield return deeper;
        }
    }
}
