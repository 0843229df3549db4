using System.Text.Json.Nodes;
using SpeedData.Core.Configuration;
using SpeedData.Server.Hosting;
using SpeedData.Server.Registration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Registration;

/// <summary>A reload reports each changed key that takes effect only after a restart.</summary>
public sealed class RestartKeysTests
{
    private const string Secret = "correct horse";

    /// <summary>Each key with a different value.</summary>
    private static readonly (string Key, string Value)[] Keys =
    [
        ("Urls", "\"http://127.0.0.1:8099\""),
        ("Logging:LogLevel:Default", "\"Debug\""),
        ("Kestrel:Certificates:Default:Password", $"\"{Secret}\""),
        ("SpeedData:Storage:AvroPath", "\"elsewhere\""),
        ("SpeedData:Storage:ChannelsPath", "\"channels\""),
        ("SpeedData:Storage:RequireMount", "true"),
        ("SpeedData:Shutdown:DrainFor", "\"5 s\""),
        ("SpeedData:Api:Readers", "5"),
        ("SpeedData:Api:Writes", "\"Off\""),
        ("SpeedData:Api:WriteFrom", "[\"10.0.0.0/8\"]"),
        ("SpeedData:Api:Reads", "\"Token\""),
        ("SpeedData:Api:TokenFile", "\"other\""),
        ("SpeedData:Api:AllowedHosts", "[\"recorder.example\"]"),
        ("SpeedData:Api:AllowedOrigins", "[\"http://pages.example\"]"),
        ("SpeedData:Pivot:MaxRange", "\"2 h\""),
        ("SpeedData:Pivot:MaxChannels", "7"),
        ("SpeedData:Live:Watchers", "7"),
        ("SpeedData:Pages:Path", "\"pages\""),
        ("SpeedData:Tags:MaxBytes", "\"1 GiB\""),
        ("SpeedData:Tags:Auto", "[{ \"Name\": \"run{n}\", \"When\": \"x.counter > 5\" }]"),
    ];

    private static IEnumerable<string> Names => Keys.Select(key => key.Key);

    [TestCaseSource(nameof(Names))]
    public void Only_the_changed_key_is_reported(string key)
    {
        using var folder = new TempFolder();
        WholeConfiguration running = Read(folder, []);

        IReadOnlyList<RestartKey> reported = Between(running, Read(folder, [key]));

        // By default, the folder of registered channels is in the archive's folder, so both keys change.
        string[] expected = key == "SpeedData:Storage:AvroPath" ? [key, "SpeedData:Storage:ChannelsPath"] : [key];
        Assert.That(reported.Select(restart => restart.Key), Is.EqualTo(expected));
        Assert.That(reported.Select(restart => restart.From), Is.Not.EqualTo(reported.Select(restart => restart.To)));
        Assert.That(reported.Select(restart => restart.To), Has.None.Contains(Secret));
    }

    [Test]
    public void Equal_values_are_no_change()
    {
        using var folder = new TempFolder();

        Assert.That(Between(Read(folder, [.. Names]), Read(folder, [.. Names])), Is.Empty);
    }

    /// <summary>Fails if a new option is neither reported nor part of a channel.</summary>
    [Test]
    public void Every_option_outside_channels_has_a_key()
    {
        using var folder = new TempFolder();
        SpeedDataOptions before = Read(folder, []).Options!, after = Read(folder, [.. Names]).Options!;
        object?[] same = [.. Values(before).Zip(Values(after)).Where(pair => Equals(pair.First.Value, pair.Second.Value)).Select(pair => pair.First.Name)];

        Assert.That(same, Is.Empty, "options that no test changes");
    }

    private static IEnumerable<(string Name, object? Value)> Values(SpeedDataOptions options) => new object[] { options, options.Api, options.Pivot, options.Tags }
        .SelectMany(group => group.GetType().GetProperties().Where(p => p.Name != nameof(SpeedDataOptions.Channels)).Select(p => ($"{group.GetType().Name}.{p.Name}", p.GetValue(group))));

    private static IReadOnlyList<RestartKey> Between(WholeConfiguration running, WholeConfiguration read) =>
        RestartKeys.Between(new ServerPlan(running.Options!, running.Sources.Configuration, running.Urls, Demo: false), running.Options!, read);

    private static WholeConfiguration Read(TempFolder folder, string[] changed)
    {
        var root = JsonNode.Parse("""
            { "Kestrel": { "Certificates": { "Default": { "Password": "old" } } }, "SpeedData": {
                "Storage": { "AvroPath": "data" }, "Api": { "TokenFile": "token" },
                "Channels": [ { "Name": "x", "Port": 26000, "Schema": "x.avsc", "Receive": { "BufferBytes": "64 KiB" } } ] } }
            """)!.AsObject();
        foreach ((string path, string value) in Keys.Where(key => changed.Contains(key.Key)))
        {
            string[] parts = path.Split(':');
            JsonObject at = root;
            foreach (string part in parts[..^1])
                at = (JsonObject)(at[part] ??= new JsonObject());
            at[parts[^1]] = JsonNode.Parse(value);
        }

        folder.Write("x.avsc", Records.Schema);
        var read = WholeConfiguration.Read([folder.Write("config.json", root.ToJsonString())], []);
        Assert.That(read.Faults, Is.Empty);
        return read;
    }
}
