using System.Text.Json;

namespace SpeedData.Tests.Server.Http.Registering;

/// <summary>The API's description is correct: every answer matches it.</summary>
public sealed class OpenApiTests
{
    [Test]
    public async Task Everything_that_is_served_is_described_and_every_answer_is_as_described()
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();
        JsonElement document = (await api.AskAsync("GET", "/openapi/v1.json")).Body;
        var description = new DescribedApi(document);
        (string Method, string Path, string Template, string? Body)[] requests =
        [
            ("GET", "/health", "/health", null),
            ("GET", "/api/v1/health", "/api/v1/health", null),
            ("GET", "/health/live", "/health/live", null),
            ("GET", "/health/ready", "/health/ready", null),
            ("POST", "/api/v1/channels", "/api/v1/channels", RegistrationApi.Body()),
            ("POST", "/api/v1/channels", "/api/v1/channels", RegistrationApi.Body()),
            ("POST", "/api/v1/channels", "/api/v1/channels", "{}"),
            ("POST", "/api/v1/channels", "/api/v1/channels", RegistrationApi.Body("b", "26004", config: "{\"x\":1}")),
            ("GET", "/api/v1/channels", "/api/v1/channels", null),
            ("GET", "/api/v1/channels/pump", "/api/v1/channels/{name}", null),
            ("GET", "/api/v1/channels/fixed", "/api/v1/channels/{name}", null),
            ("GET", "/api/v1/channels/nobody", "/api/v1/channels/{name}", null),
            ("GET", "/api/v1/channels/fixed/rejects", "/api/v1/channels/{name}/rejects", null),
            ("PUT", "/api/v1/channels/pump", "/api/v1/channels/{name}", RegistrationApi.Body(config: "{\"decimation\":3}")),
            ("PUT", "/api/v1/channels/new", "/api/v1/channels/{name}", RegistrationApi.Body("new", "26007")),
            ("PUT", "/api/v1/channels/fixed", "/api/v1/channels/{name}", RegistrationApi.Body()),
            ("POST", "/api/v1/channels/fixed/validate-schema", "/api/v1/channels/{name}/validate-schema", "{\"schema\":{}}"),
            ("POST", "/api/v1/channels/fixed/validate-schema", "/api/v1/channels/{name}/validate-schema", "{}"),
            ("POST", "/api/v1/validate", "/api/v1/validate", RegistrationApi.Body("other", "\"auto\"")),
            ("POST", "/api/v1/validate", "/api/v1/validate", RegistrationApi.Body(config: "{\"decimation\":5}")),
            ("POST", "/api/v1/validate", "/api/v1/validate", "{}"),
            ("GET", "/api/v1/ports/available", "/api/v1/ports/available", null),
            ("GET", "/api/v1/ports/available?start=2&end=1", "/api/v1/ports/available", null),
            ("GET", "/api/v1/ports/26000/status", "/api/v1/ports/{port}/status", null),
            ("GET", "/api/v1/ports/0/status", "/api/v1/ports/{port}/status", null),
            ("POST", "/api/v1/reload", "/api/v1/reload", null),
            ("DELETE", "/api/v1/channels/pump", "/api/v1/channels/{name}", null),
            ("DELETE", "/api/v1/channels/nobody", "/api/v1/channels/{name}", null),
        ];
        foreach ((string method, string path, string template, string? body) in requests)
        {
            (int status, JsonElement answer) = await api.AskAsync(method, path, body);
            Assert.That(description.ObjectionsTo(method, template, status, answer), Is.Empty, $"{method} {path}: {status} {answer}");
        }

        Assert.That(description.Paths, Is.SupersetOf(new[] { "/metrics", "/api/v1/runs", "/api/v1/channels/{name}/records", "/api/v1/channels/{name}/schema" }));
    }

    [TestCase("/api/v1/channels/{name}/records", "from,to,run,tag,fields,clock,every,max_points,format")]
    [TestCase("/api/v1/export", "channels,from,to,run,tag,fields,clock,every,max_points,format")]
    [TestCase("/api/v1/channels/{name}/archives", "from,to,limit,after")]
    [TestCase("/api/v1/runs", "from,to,limit,after")]
    [TestCase("/api/v1/tags", "from,to,limit,after,label")]
    [TestCase("/api/v1/coverage", "from,to,limit,after")]
    [TestCase("/api/v1/pivot/export", "start,end,duration,channels,signals")]
    [TestCase("/api/v1/live/json", "channel")]
    public async Task The_parameters_of_every_query_are_described(string path, string names)
    {
        await using RegistrationApi api = await RegistrationApi.StartAsync();

        JsonElement document = (await api.AskAsync("GET", "/openapi/v1.json")).Body;

        Assert.That(document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()), Is.SupersetOf(names.Split(',')));
    }
}
