using System.Net;
using System.Text.Json;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Configuration;

/// <summary>A folder with configuration files, and an environment that the test controls.</summary>
internal sealed class ConfigurationBench : IDisposable
{
    public ConfigurationBench()
    {
        Write("good.avsc", """{ "type": "record", "name": "r", "fields": [] }""");
        Write("broken.avsc", """{ "type": "record", """);
        Write("comments.avsc", "{ /* the pump */ \"type\": \"record\" }");
        Write("timed.avsc", """{ "fields": ["stamp", "ticks"] }""");
        Write("odd.avsc", """{ "odd": true }""");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("speeddata-configuration-").FullName;

    public Dictionary<string, string?> Environment { get; } = [];

    public MachineLimits Limits { get; set; } = new(64L << 30, "of the test's memory");

    /// <summary>Makes one correct channel named a, with further keys.</summary>
    public static string Channel(string more = "", string name = "a", int port = 26000) =>
        $$"""{ "Name": "{{name}}", "Port": {{port}}, "Schema": "good.avsc"{{(more.Length > 0 ? ", " + more : "")}} }""";

    /// <summary>Makes a configuration file with these channels.</summary>
    public static string Channels(params string[] channels) => $$"""{ "SpeedData": { "Channels": [ {{string.Join(", ", channels)}} ] } }""";

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public ConfigurationResult Read(string json, string? second = null, params string[] overrides)
    {
        List<string> files = [Write("first.json", json)];
        if (second is not null)
            files.Add(Write("second.json", second));
        return ConfigurationReader.Read(Load(files, overrides), Probes());
    }

    public ConfigurationSources Load(IReadOnlyList<string> files, params string[] overrides) =>
        ConfigurationFiles.Load(files, overrides, new StartEnvironment(Folder, Path.Combine(Folder, "program"), Environment));

    public ConfigurationProbes Probes() => new()
    {
        Schema = Judge,
        Limits = () => Limits,
        HostAddresses = () => new HashSet<IPAddress> { IPAddress.Loopback, IPAddress.Parse("10.9.8.7") },
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Reads a configuration that must have no faults, and returns its options.</summary>
    public SpeedDataOptions Options(string json, string? second = null, params string[] overrides)
    {
        ConfigurationResult result = Read(json, second, overrides);
        Assert.That(result.Faults, Is.Empty);
        return result.Options!;
    }

    private static SchemaVerdict Judge(string path, string? root)
    {
        try
        {
            using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(path));
            return schema.RootElement.TryGetProperty("odd", out _)
                ? new SchemaVerdict([], ["odd; use even"])
                : SchemaVerdict.Good with { TimeFields = Fields(schema.RootElement) };
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            return new SchemaVerdict([$"the folder {path} has no .avsc file"], []);
        }
        catch (JsonException e)
        {
            return new SchemaVerdict([$"not strict JSON: {e.Message}"], []);
        }
    }

    private static string[] Fields(JsonElement schema) =>
        schema.TryGetProperty("fields", out JsonElement fields) ? [.. fields.EnumerateArray().Select(field => field.ToString())] : [];
}
