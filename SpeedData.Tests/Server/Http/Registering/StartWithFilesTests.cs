using System.Text.Json;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Http.Registering;

/// <summary>Files of registered channels when the server starts.</summary>
public sealed class StartWithFilesTests
{
    [Test]
    public async Task Registered_channels_start_again_even_if_one_of_them_is_wrong()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync(folder => Write(
            folder,
            ("a.json", $$"""{ "Port": 26001, "Schema": {{RegistrationApi.Inline}} }"""),
            ("b.json", "{ \"Port\": 26002, \"Schema\": \"../../sample.avsc\", // by a person\n \"Archive\": { \"Codec\": \"lzma\" }, }"),
            ("c.json", "{ nonsense"),
            ("d.json", """{ "Port": 26001, "Schema": "../../sample.avsc" }"""),
            ("e.json", """{ "Port": 26002, "Schema": "../../sample.avsc" }"""),
            ("fixed.json", """{ "Port": 26009, "Schema": "../../sample.avsc" }"""),
            (".f.json.unfinished", "{ half")));

        JsonElement list = (await api.AskAsync("GET", "/api/v1/channels")).Body.GetProperty("channels");
        (int ready, JsonElement why) = await api.AskAsync("GET", "/health/ready");

        Assert.Multiple(() =>
        {
            Assert.That(list.EnumerateArray().Select(c => (c.GetProperty("name").GetString(), c.GetProperty("kind").GetString(), c.GetProperty("status").GetString())), Is.EquivalentTo(new[]
            {
                ("fixed", "fixed", "active"), ("a", "registered", "active"), ("e", "registered", "active"),
                ("b", "registered", "faulted"), ("c", "registered", "faulted"), ("d", "registered", "faulted"),
            }));
            Assert.That(ready, Is.EqualTo(503));
            Assert.That(why.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("channel").GetString()), Is.EquivalentTo(new[] { "b", "c", "d" }));
            Assert.That(why.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("why").GetString()), Has.Some.Contains("Archive:Codec").And.Some.Contains("malformed JSON").And.Some.Contains("channel a has this port"));
            Assert.That(api.Server.Log.Lines, Has.Some.Contains("fixed.json").And.Some.Contains("wins"));
            Assert.That(File.ReadAllText(Path.Combine(api.ChannelsPath, "a.avsc")), Is.EqualTo(RegistrationApi.Inline));
            Assert.That(File.Exists(Path.Combine(api.ChannelsPath, ".f.json.unfinished")), Is.False);
        });
    }

    [Test]
    public async Task A_broken_channel_is_fixed_or_removed_over_HTTP()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync(folder => Write(folder, ("b.json", "{ nonsense"), ("c.json", "{ nonsense")));

        (int again, _) = await api.PostAsync(RegistrationApi.Body("b", "26002"));
        (int fixedNow, _) = await api.AskAsync("PUT", "/api/v1/channels/b", RegistrationApi.Body("b", "26002"));
        (int removed, _) = await api.AskAsync("DELETE", "/api/v1/channels/c");
        (int ready, _) = await api.AskAsync("GET", "/health/ready");

        Assert.That((again, fixedNow, removed, ready), Is.EqualTo((409, 200, 200, 200)));
    }

    private static void Write(string folder, params (string Name, string Text)[] files)
    {
        string path = Path.Combine(folder, "data", ".channels");
        Directory.CreateDirectory(path);
        foreach ((string name, string text) in files)
            File.WriteAllText(Path.Combine(path, name), text);
    }
}
