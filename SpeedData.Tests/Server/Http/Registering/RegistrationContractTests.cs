using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Http.Registering;

/// <summary>The contract with the predecessor's clients, row by row.</summary>
public sealed class RegistrationContractTests
{
    private static readonly string Huge = new('x', 300);

    /// <summary>Refused registrations in the order of the checks. Each row also breaks all later checks.</summary>
    private static readonly object?[][] Refusals =
    [
        [null, 400, "Request body required", ""],
        ["", 400, "Request body required", ""],
        ["[1]", 400, "Request body required", ""],
        ["{ nonsense", 400, "Request body required", ""],
        // The predecessor called this body missing. Taken literally, it lacks all fields, so the answer says both.
        ["{}", 400, "Request body required", "required"],
        ["{}", 400, "Missing required fields", "required"],
        [RegistrationApi.Body("", "\"x\""), 400, "Missing required fields", "required"],
        [RegistrationApi.Body(port: "\"\"", schema: "\"none.avsc\""), 400, "Missing required fields", "required"],
        [RegistrationApi.Body(port: "\"x\"", schema: "\"\""), 400, "Missing required fields", "required"],
        [RegistrationApi.Body(port: "\"x\"", schema: "{}"), 400, "Missing required fields", "required"],
        ["{ \"port\": \"x\" }", 400, "Missing required fields", "required"],
        ["{ \"name\": \"fixed\", \"port\": \"x\" }", 400, "Missing required fields", "required"],
        ["{ \"name\": null, \"port\": 1, \"schema\": {} }", 400, "Missing required fields", "required"],
        [RegistrationApi.Body("fixed", "\"http\"", "\"none.avsc\""), 400, "Port must be an integer", ""],
        [RegistrationApi.Body("fixed", "26001.5", "\"none.avsc\""), 400, "Port must be an integer", ""],
        [RegistrationApi.Body("fixed", "true", "\"none.avsc\""), 400, "Port must be an integer", ""],
        [RegistrationApi.Body("fixed", "26000", "\"none.avsc\"", "{\"Archive\":{\"Codec\":\"lzma\"}}"), 409, "Port already in use", "port,used_by"],
        [RegistrationApi.Body("fixed", "\"26000\"", "\"none.avsc\""), 409, "Port already in use", "port,used_by"],
        [RegistrationApi.Body("fixed", "26001", "\"none.avsc\"", "{\"Archive\":{\"Codec\":\"lzma\"}}"), 400, "Schema file not found", "path"],
        [RegistrationApi.Body("fixed", "26001", "\"broken.avsc\"", "{\"Archive\":{\"Codec\":\"lzma\"}}"), 400, "Invalid schema", "details"],
        [RegistrationApi.Body("fixed", "26001", "{\"type\":\"recrod\"}", "{\"Archive\":{\"Codec\":\"lzma\"}}"), 400, "Invalid schema", "details"],
        [RegistrationApi.Body("fixed", "26001", "\"sample.avsc\"", "{\"Archive\":{\"Codec\":\"lzma\"}}"), 409, "Channel name already registered", ""],
        [RegistrationApi.Body("FIXED"), 409, "Channel name already registered", ""],
        [RegistrationApi.Body("pump", "26001", "\"sample.avsc\"", "{\"Archive\":{\"Codec\":\"lzma\"}}"), 400, "Archive:Codec", "findings"],
        [RegistrationApi.Body("pump", "70000"), 400, "Port", "findings"],
        [RegistrationApi.Body("pump", "-1"), 400, "Port", "findings"],
        [RegistrationApi.Body("../x"), 400, "Name", "findings"],
        [RegistrationApi.Body("a\\u0000b"), 400, "Name", "findings"],
        [RegistrationApi.Body("\\ud800"), 400, "Name", "findings"],
        [RegistrationApi.Body(Huge), 400, "Name", "findings"],
        [RegistrationApi.Body("NUL"), 400, "Name", "findings"],
        [RegistrationApi.Body("com1.x"), 400, "Name", "findings"],
        [RegistrationApi.Body(".channels"), 400, "Name", "findings"],
        [RegistrationApi.Body("pump", config: "{\"Nonsense\": 1}"), 400, "Nonsense", "findings"],
        [RegistrationApi.Body("pump", config: "[]"), 400, "config", "findings"],
        [RegistrationApi.Body("pump", config: "{\"decimation\": 0}"), 400, "Decimated:Factor", "findings"],
        [RegistrationApi.Body("pump", config: "{\"rotation\": 0.1}"), 400, "Archive:RotateEvery", "findings"],
        [RegistrationApi.Body("pump", config: "{\"Port\": 1}"), 400, "Port", "findings"],
    ];

    [TestCaseSource(nameof(Refusals))]
    public async Task A_registration_is_refused_in_the_order_of_the_contract_and_changes_nothing(string? body, int expected, string phrase, string keys)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync("POST", "/api/v1/channels", body);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(expected), $"{answer}");
            Assert.That(answer.GetProperty("error").GetString(), Does.Contain(phrase));
            Assert.That(answer.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("why").GetString()), Is.Not.Empty.And.All.Not.Empty);
            foreach (string key in keys.Split(',', StringSplitOptions.RemoveEmptyEntries))
                Assert.That(answer.TryGetProperty(key, out _), Is.True, $"{key} in {answer}");
            Assert.That(Directory.Exists(api.ChannelsPath) ? Directory.GetFileSystemEntries(api.ChannelsPath) : [], Is.Empty);
            Assert.That(Directory.GetFiles(api.Folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "sample.avsc", "broken.avsc" }));
        });
        Assert.That(await api.NamesAsync(), Is.EqualTo(new[] { "fixed" }));
    }

    [Test]
    public async Task All_findings_are_reported_at_once_with_key_value_and_reason()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (_, JsonElement answer) = await api.PostAsync(RegistrationApi.Body(config: """{ "Archive": { "Codec": "lzma", "FlushEvery": "1 year" }, "Ring": { "Bytes": 5 }, "rotation": "x" }"""));

        JsonElement[] findings = [.. answer.GetProperty("findings").EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(findings.Select(f => f.GetProperty("key").GetString()), Is.EquivalentTo(new[] { "Archive:Codec", "Archive:FlushEvery", "Archive:RotateEvery", "Ring:Bytes" }));
            Assert.That(findings.Select(f => f.GetProperty("value").GetString()), Has.Some.EqualTo("lzma"));
            Assert.That(findings.Select(f => f.GetProperty("why").GetString()), Has.All.Not.Empty);
        });
    }

    [TestCase("26001", 26001)]
    [TestCase("\"26001\"", 26001)]
    [TestCase("26001.0", 26001)]
    [TestCase("27000", 27000)]
    public async Task A_channel_is_registered(string port, int expected)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.PostAsync(RegistrationApi.Body(port: port, schema: RegistrationApi.Inline, config: """{ "decimation": 7, "rotation": 60, "Archive": { "Codec": "zstandard" } }"""));
        JsonElement channel = (await api.AskAsync("GET", "/api/v1/channels/pump")).Body;

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(201), $"{answer}");
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("success"));
            Assert.That(answer.GetProperty("name").GetString(), Is.EqualTo("pump"));
            Assert.That(answer.GetProperty("port").GetInt32(), Is.EqualTo(expected));
            Assert.That(answer.GetProperty("pid").GetInt32(), Is.EqualTo(Environment.ProcessId));
            Assert.That(answer.GetProperty("message").GetString(), Is.Not.Empty);
            Assert.That(channel.GetProperty("kind").GetString(), Is.EqualTo("registered"));
            Assert.That(channel.GetProperty("pid").GetInt32(), Is.EqualTo(Environment.ProcessId));
            Assert.That(channel.TryGetProperty("last_heartbeat", out _), Is.True);
            Assert.That(channel.GetProperty("etag").GetString(), Does.StartWith("\""));
            Assert.That(channel.GetProperty("config").GetProperty("decimated").GetProperty("factor").GetInt32(), Is.EqualTo(7));
            Assert.That(channel.GetProperty("config").GetProperty("archive").GetProperty("rotate_every_seconds").GetDouble(), Is.EqualTo(60));
            Assert.That(channel.GetProperty("config").GetProperty("archive").GetProperty("codec").GetString(), Is.EqualTo("zstandard"));
            Assert.That(File.ReadAllText(Path.Combine(api.ChannelsPath, "pump.avsc")), Is.EqualTo(RegistrationApi.Inline), "byte by byte");
            Assert.That(Directory.GetFiles(api.ChannelsPath).Select(Path.GetFileName), Is.EquivalentTo(new[] { "pump.json", "pump.avsc" }));
        });
    }

    [Test]
    public async Task Sending_a_registration_back_unchanged_changes_nothing()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        await api.PostAsync(RegistrationApi.Body(schema: RegistrationApi.Inline, config: """{ "decimation": 7, "Archive": { "Codec": "zstandard" } }"""));
        JsonElement registration = (await api.AskAsync("GET", "/api/v1/channels/pump")).Body.GetProperty("registration");

        (int status, JsonElement answer) = await api.AskAsync("PUT", "/api/v1/channels/pump", registration.GetRawText());

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(200), $"{answer}");
            Assert.That(answer.GetProperty("changes").EnumerateArray(), Is.Empty);
        });
    }

    [Test]
    public async Task An_automatic_port_is_the_next_free_one_and_the_answer_contains_it()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        int[] ports = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await api.PostAsync(RegistrationApi.Body($"auto-{i}", "\"auto\""))).Body.GetProperty("port").GetInt32()))];

        Assert.That(ports, Is.Unique.And.All.InRange(26001, 27000));
    }

    [TestCase("GET", "/api/v1/channels/nobody")]
    [TestCase("DELETE", "/api/v1/channels/nobody")]
    [TestCase("GET", "/api/v1/channels/nobody/schema")]
    [TestCase("GET", "/api/v1/channels/nobody/rejects")]
    [TestCase("GET", "/api/v1/channels/..%2Fx")]
    [TestCase("DELETE", "/api/v1/channels/..%2Fsample")]
    public async Task An_unknown_channel_is_not_found(string method, string path)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync(method, path);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(404));
            Assert.That(answer.GetProperty("error").GetString(), Is.EqualTo("Channel not found"));
            Assert.That(answer.TryGetProperty("name", out _), Is.True);
        });
    }

    [Test]
    public async Task A_channel_is_removed_with_its_files_and_nothing_else()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        await api.PostAsync(RegistrationApi.Body(schema: RegistrationApi.Inline));
        Directory.CreateDirectory(Path.Combine(api.Folder, "data", "pump"));
        File.WriteAllText(Path.Combine(api.Folder, "data", "pump", "recording"), "");

        (int status, JsonElement answer) = await api.AskAsync("DELETE", "/api/v1/channels/Pump");

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("success"));
            Assert.That(answer.GetProperty("name").GetString(), Is.EqualTo("pump"));
            Assert.That(answer.GetProperty("message").GetString(), Is.Not.Empty);
            Assert.That(Directory.GetFileSystemEntries(api.ChannelsPath), Is.Empty);
            Assert.That(File.Exists(Path.Combine(api.Folder, "data", "pump", "recording")), Is.True);
        });
        Assert.That(await api.NamesAsync(), Is.EqualTo(new[] { "fixed" }));
    }

    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task A_fixed_channel_is_changed_in_its_file(string method)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync(method, "/api/v1/channels/fixed", method == "PUT" ? "nonsense" : null);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(409));
            Assert.That(answer.GetProperty("file").GetString(), Is.Not.Empty);
        });
    }

    [Test]
    public async Task A_change_that_expects_another_state_is_refused()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        await api.PostAsync(RegistrationApi.Body());
        string old = (await api.AskAsync("GET", "/api/v1/channels/pump")).Body.GetProperty("etag").GetString()!;

        (int changed, JsonElement answer) = await api.AskAsync("PUT", "/api/v1/channels/pump", RegistrationApi.Body(config: "{\"decimation\": 9}"), ("If-Match", old));
        (int late, _) = await api.AskAsync("PUT", "/api/v1/channels/pump", RegistrationApi.Body(config: "{\"decimation\": 8}"), ("If-Match", old));
        (int removed, _) = await api.AskAsync("DELETE", "/api/v1/channels/pump", null, ("If-Match", old));
        (int absent, _) = await api.AskAsync("PUT", "/api/v1/channels/new", RegistrationApi.Body("new", "26002"), ("If-Match", "*"));
        (int present, _) = await api.AskAsync("DELETE", "/api/v1/channels/pump", null, ("If-Match", "*"));

        Assert.Multiple(() =>
        {
            Assert.That((changed, late, removed, absent, present), Is.EqualTo((200, 412, 412, 412, 200)));
            JsonElement change = answer.GetProperty("changes").EnumerateArray().Single();
            Assert.That(change.GetProperty("key").GetString(), Is.EqualTo("Decimated:Factor"));
            Assert.That((change.GetProperty("from").GetString(), change.GetProperty("to").GetString()), Is.EqualTo(("5", "9")));
            Assert.That(change.GetProperty("cost").GetString(), Does.Contain("window"));
        });
    }

    [Test]
    public async Task PUT_registers_changes_and_refuses()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int added, JsonElement first) = await api.AskAsync("PUT", "/api/v1/channels/pump", """{ "port": 26001, "schema": "sample.avsc" }""");
        (int changed, JsonElement second) = await api.AskAsync("PUT", "/api/v1/channels/pump", RegistrationApi.Body(port: "26005"));
        (int wrong, JsonElement third) = await api.AskAsync("PUT", "/api/v1/channels/pump", RegistrationApi.Body(config: "{\"Archive\":{\"Codec\":\"lzma\"}}"));
        (int otherName, JsonElement fourth) = await api.AskAsync("PUT", "/api/v1/channels/pump", RegistrationApi.Body("other"));
        (int taken, _) = await api.AskAsync("PUT", "/api/v1/channels/pump", RegistrationApi.Body(port: "26000"));

        Assert.Multiple(() =>
        {
            Assert.That((added, changed, wrong, otherName, taken), Is.EqualTo((201, 200, 400, 400, 409)));
            Assert.That(first.GetProperty("changes").EnumerateArray(), Is.Empty);
            Assert.That(second.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("key").GetString()), Is.EquivalentTo(new[] { "Port", "FullRate:Port", "Decimated:Port" }));
            Assert.That(third.GetProperty("findings").GetArrayLength(), Is.EqualTo(1));
            Assert.That(fourth.GetProperty("findings")[0].GetProperty("key").GetString(), Is.EqualTo("name"));
        });
        Assert.That((await api.AskAsync("GET", "/api/v1/channels/pump")).Body.GetProperty("port").GetInt32(), Is.EqualTo(26005));
    }

    [TestCase("active", 1)]
    [TestCase("", 1)]
    [TestCase("faulted", 0)]
    [TestCase("no-such-status", 0)]
    public async Task The_list_is_filtered_by_status(string status, int count)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int code, JsonElement answer) = await api.AskAsync("GET", $"/api/v1/channels?status={status}");

        Assert.That((code, answer.GetProperty("channels").GetArrayLength()), Is.EqualTo((200, count)));
    }

    [TestCase("/health")]
    [TestCase("/api/v1/health")]
    public async Task Health_names_the_service(string path)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, JsonElement answer) = await api.AskAsync("GET", path);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(answer.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "status", "service", "version" }));
            Assert.That((answer.GetProperty("status").GetString(), answer.GetProperty("service").GetString()), Is.EqualTo(("ok", "speeddata")));
        });
    }

    [Test]
    public async Task A_schema_is_returned_and_compared()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        await api.PostAsync(RegistrationApi.Body(schema: RegistrationApi.Inline));
        const string Path = "/api/v1/channels/fixed/validate-schema";
        string own = File.ReadAllText(TestChannels.ExampleSchema);

        (int told, JsonElement schema) = await api.AskAsync("GET", "/api/v1/channels/fixed/schema");
        (int same, JsonElement match) = await api.AskAsync("POST", Path, $$"""{ "schema": {{own}} }""");
        (int other, JsonElement mismatch) = await api.AskAsync("POST", Path, """{ "schema": { "type": "record" } }""");
        (int none, JsonElement without) = await api.AskAsync("POST", Path, "{}");
        (int nothing, _) = await api.AskAsync("POST", Path);

        Assert.Multiple(() =>
        {
            Assert.That((told, same, other, none, nothing), Is.EqualTo((200, 200, 409, 400, 400)));
            Assert.That(JsonElement.DeepEquals(schema, JsonDocument.Parse(own).RootElement), Is.True);
            Assert.That(match.GetRawText(), Is.EqualTo("""{"valid":true,"message":"Schema matches registered schema"}"""));
            Assert.That(mismatch.GetProperty("valid").GetBoolean(), Is.False);
            Assert.That(mismatch.GetProperty("message").GetString(), Is.EqualTo("Schema does not match"));
            Assert.That(mismatch.GetProperty("registered_schema").GetProperty("name").GetString(), Is.Not.Empty);
            Assert.That(mismatch.GetProperty("provided_schema").GetRawText(), Does.Contain("record"));
            Assert.That(without.GetProperty("error").GetString(), Is.EqualTo("Request body must contain 'schema' field"));
        });
    }

    [Test]
    public async Task Used_and_free_ports_are_reported()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        JsonElement all = (await api.AskAsync("GET", "/api/v1/ports/available")).Body;
        JsonElement some = (await api.AskAsync("GET", "/api/v1/ports/available?start=26000&end=26001")).Body;
        (int wrong, JsonElement refused) = await api.AskAsync("GET", "/api/v1/ports/available?start=5&end=5");
        JsonElement used = (await api.AskAsync("GET", "/api/v1/ports/26000/status")).Body;
        (int none, _) = await api.AskAsync("GET", "/api/v1/ports/70000/status");
        (int name, _) = await api.AskAsync("GET", "/api/v1/ports/http/status");

        Assert.Multiple(() =>
        {
            Assert.That((all.GetProperty("range").GetProperty("start").GetInt32(), all.GetProperty("range").GetProperty("end").GetInt32()), Is.EqualTo((26000, 27000)));
            Assert.That(all.GetProperty("available").EnumerateArray().Select(p => p.GetInt32()), Has.None.EqualTo(26000));
            Assert.That(all.GetProperty("count").GetInt32(), Is.EqualTo(all.GetProperty("available").GetArrayLength()));
            Assert.That(some.GetProperty("available").EnumerateArray().Select(p => p.GetInt32()), Is.SubsetOf(new[] { 26001 }));
            Assert.That((wrong, refused.GetProperty("error").GetString()), Is.EqualTo((400, "Invalid range: start must be < end")));
            Assert.That(used.GetRawText(), Is.EqualTo("""{"port":26000,"available":false,"status":"in_use","channel":"fixed"}"""));
            Assert.That((none, name), Is.EqualTo((404, 404)));
        });
    }

    [Test]
    public async Task Validation_shows_the_result_and_changes_nothing()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        await api.PostAsync(RegistrationApi.Body());

        (int fine, JsonElement add) = await api.AskAsync("POST", "/api/v1/validate", RegistrationApi.Body("other", "\"auto\""));
        (int change, JsonElement preview) = await api.AskAsync("POST", "/api/v1/validate", RegistrationApi.Body(config: "{\"Archive\":{\"Codec\":\"zstandard\"}}"));
        (int taken, JsonElement finding) = await api.AskAsync("POST", "/api/v1/validate", RegistrationApi.Body("other", "26000"));
        (int missing, JsonElement required) = await api.AskAsync("POST", "/api/v1/validate", "{ \"name\": \"x\" }");

        Assert.Multiple(() =>
        {
            Assert.That((fine, change, taken, missing), Is.EqualTo((200, 200, 400, 400)));
            Assert.That((add.GetProperty("valid").GetBoolean(), add.GetProperty("action").GetString()), Is.EqualTo((true, "add")));
            Assert.That(add.TryGetProperty("warnings", out _), Is.True);
            Assert.That(preview.GetProperty("changes")[0].GetProperty("when").GetString(), Is.EqualTo("with the next file"));
            Assert.That(finding.GetProperty("findings")[0].GetProperty("key").GetString(), Is.EqualTo("Port"));
            Assert.That(required.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("key").GetString()), Is.EqualTo(new[] { "port", "schema" }));
        });
        Assert.That(await api.NamesAsync(), Is.EqualTo(new[] { "fixed", "pump" }));
    }

    [TestCase("/api/v1/validate", ExpectedResult = 200)]
    [TestCase("/api/v1/channels/fixed/validate-schema", ExpectedResult = 409)]
    [TestCase("/api/v1/reload?dry_run", ExpectedResult = 400)]
    [TestCase("/api/v1/reload?dry_run=false", ExpectedResult = 403)]
    [TestCase("/api/v1/reload", ExpectedResult = 403)]
    public async Task<int> Requests_that_change_nothing_are_answered_without_permission_to_write(string path)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync(api: new ApiOptions { Writes = ApiWrites.Off });

        return (await api.AskAsync("POST", path, RegistrationApi.Body(schema: RegistrationApi.Inline))).Status;
    }

    [TestCase("\"/etc/hostname\"", ExpectedResult = 403)]
    [TestCase("\"no such file\"", ExpectedResult = 403)]
    [TestCase("[\"sample.avsc\"]", ExpectedResult = 403)]
    public async Task<int> A_client_that_may_only_read_learns_nothing_about_the_servers_files(string schema)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync(api: new ApiOptions { Writes = ApiWrites.Token });

        (int status, JsonElement answer) = await api.AskAsync("POST", "/api/v1/validate", RegistrationApi.Body(schema: schema));
        Assert.That(answer.GetProperty("error").GetString(), Does.Contain("SpeedData:Api:TokenFile"));
        return status;
    }

    [Test]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        (int status, _) = await api.PostAsync(RegistrationApi.Body(schema: $"\"{new string('x', 5 << 20)}\""));

        Assert.That(status, Is.EqualTo(413));
    }
}
