using System.Text.Json;

namespace SpeedData.Tests.Server.Http.Registering;

/// <summary>Faults of a channel as a list that a form can show next to its fields.</summary>
public sealed class FindingsTests
{
    [Test]
    public async Task Validation_reports_everything_at_once()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        const string Config = """{ "Archive": { "Codec": "lzma" }, "Nonsense": 1 }""";

        Assert.That(await FindingsAsync(RegistrationApi.Body("other", "26000", "\"none.avsc\"", Config)), Is.SupersetOf(new[] { "Port=26000", "Schema=none.avsc", "Archive:Codec=lzma", "Nonsense=1" }));
        Assert.That(await FindingsAsync(RegistrationApi.Body("../x", "26001", "\"none.avsc\"", Config)), Is.EquivalentTo(new[] { "Schema=none.avsc", "Name=../x", "Archive:Codec=lzma", "Nonsense=1" }));
        Assert.That(await FindingsAsync(RegistrationApi.Body("fixed", "26001", config: Config)), Is.EquivalentTo(new[] { "Name=fixed", "Archive:Codec=lzma", "Nonsense=1" }));
        Assert.That(await FindingsAsync(RegistrationApi.Body(port: "\"http\"")), Is.EqualTo(new[] { "port=http" }));

        async Task<string[]> FindingsAsync(string body)
        {
            (int status, JsonElement answer) = await api.AskAsync("POST", "/api/v1/validate", body);
            Assert.That(status, Is.EqualTo(400));
            return [.. answer.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("key").GetString()}={finding.GetProperty("value").GetString()}")];
        }
    }

    [TestCase("{}")]
    [TestCase("""{ "port": "http", "schema": "sample.avsc" }""")]
    [TestCase("""{ "port": 26001, "schema": "none.avsc" }""")]
    [TestCase("""{ "port": 26001, "schema": "broken.avsc" }""")]
    [TestCase("""{ "port": 26001, "schema": { "type": "recrod" } }""")]
    [TestCase("""{ "port": 70000, "schema": "sample.avsc" }""")]
    [TestCase("nonsense")]
    public async Task PUT_reports_faults_as_findings(string body)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync("PUT", "/api/v1/channels/pump", body);

        Assert.That((status, answer.GetProperty("findings").GetArrayLength()), Is.EqualTo((400, 1)).Or.EqualTo((400, 2)), $"{answer}");
    }

    [TestCase("POST", "/api/v1/channels")]
    [TestCase("PUT", "/api/v1/channels/pump")]
    [TestCase("POST", "/api/v1/validate")]
    public async Task A_field_that_a_channel_does_not_have_is_a_finding(string method, string path)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync(method, path, """{ "name": "pump", "port": 26001, "schema": "sample.avsc", "confg": { "Archive": {} }, "Config": 7 }""");

        Assert.That(status, Is.EqualTo(400), $"{answer}");
        Assert.That(answer.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("key")}={finding.GetProperty("value")}"), Is.EqualTo(new[] { "confg=", "Config=7" }));
        Assert.That(answer.GetProperty("findings")[0].GetProperty("why").GetString(), Does.Contain("the fields are name, port, schema, config"));
        Assert.That((await api.AskAsync("GET", "/api/v1/channels/pump")).Status, Is.EqualTo(404));
    }

    [TestCase("""{ "Archve": {} }""", "there is no such key; the nearest is Archive")]
    [TestCase("""{ "Archive": { "Codek": "null" } }""", "there is no such key; the nearest is Archive:Codec")]
    [TestCase("""{ "Codec": "null" }""", "there is no such key here; there is Archive:Codec")]
    [TestCase("""{ "Something": 1 }""", "there is no such key; known are Name, ")]
    [TestCase("""{ "Archive": { "Something": 1 } }""", "there is no such key; known in Archive are Enabled, ")]
    public async Task A_finding_names_keys_as_in_the_request_without_the_servers_file(string config, string why)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (_, JsonElement answer) = await api.PostAsync(RegistrationApi.Body(config: config));

        Assert.That(answer.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("why").GetString()), Has.One.StartsWith(why));
        Assert.That($"{answer}", Does.Not.Contain(".json"));
    }

    [TestCase("keys", "keys; a channel has fewer than 100")]
    [TestCase("items", "keys; a channel has fewer than 100")]
    [TestCase("name", "there is no such key")]
    [TestCase("fields", "keys; a channel has fewer than 100")]
    public async Task A_hostile_request_is_refused_at_once(string what, string why)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        string config = what switch
        {
            "keys" => $"{{{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"k{i}\":1"))}}}",
            "items" => $$"""{ "Receive": { "AllowedSources": [{{string.Join(',', Enumerable.Repeat("\"x\"", 50_000))}}] } }""",
            "name" => $$"""{ "{{new string('a', 1_000_000)}}": 1 }""",
            _ => $"1,{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"k{i}\":1"))}",
        };

        long before = GC.GetTotalAllocatedBytes();
        (int status, JsonElement answer) = await api.AskAsync("POST", "/api/v1/validate", RegistrationApi.Body(config: config));

        Assert.That(status, Is.EqualTo(400));
        Assert.That(answer.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("why").GetString()), Has.Exactly(1).Contains(why));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(100_000_000));
    }

    [TestCase("GET", "/api/v1/channels/fixed/records?fro=-10min", "from, to, run")]
    [TestCase("GET", "/api/v1/runs?form=-1h", "from, to, limit, after")]
    [TestCase("POST", "/api/v1/reload?dryrun", "dry_run")]
    public async Task A_parameter_that_an_address_does_not_have_is_refused(string method, string path, string known)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync(method, path);

        Assert.That(status, Is.EqualTo(400));
        Assert.That(answer.GetProperty("error").GetString(), Does.StartWith(path.Split('?', '=')[1] + ": there is no such parameter; known here are ").And.Contain(known));
    }

    [TestCase("/health?t=1")]
    [TestCase("/api/v1/channels/fixed?t=1")]
    [TestCase("/api/v1/channels?STATUS=active&limit=1&after=")]
    [TestCase("/api/v1/channels?from=-1h&t=1")]
    [TestCase("/api/v1/ports/available?t=1")]
    public async Task An_address_without_parameters_or_of_the_predecessor_ignores_other_parameters(string path)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        Assert.That((await api.AskAsync("GET", path)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task An_empty_field_from_the_predecessors_page_means_the_default()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.PostAsync(RegistrationApi.Body(config: """{ "decimation": null, "rotation": null }"""));

        Assert.That(status, Is.EqualTo(201), $"{answer}");
        Assert.That((await api.AskAsync("GET", "/api/v1/channels/pump")).Body.GetProperty("config").GetProperty("decimated").GetProperty("factor").GetInt32(), Is.EqualTo(5));
    }
}
