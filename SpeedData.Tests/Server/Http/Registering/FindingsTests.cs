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

    [Test]
    public async Task An_empty_field_from_the_predecessors_page_means_the_default()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.PostAsync(RegistrationApi.Body(config: """{ "decimation": null, "rotation": null }"""));

        Assert.That(status, Is.EqualTo(201), $"{answer}");
        Assert.That((await api.AskAsync("GET", "/api/v1/channels/pump")).Body.GetProperty("config").GetProperty("decimated").GetProperty("factor").GetInt32(), Is.EqualTo(5));
    }
}
