using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Http.Access;

/// <summary>The access rules, tested over HTTP.</summary>
public sealed class AccessOverHttpTests
{
    [Test]
    public async Task A_refusal_is_an_error_that_names_the_key_and_is_logged_once()
    {
        await using TestServer server = await TestServer.StartAsync(new ApiOptions { Writes = ApiWrites.Off });
        for (int i = 0; i < 50; i++)
        {
            (HttpStatusCode status, string body) = await SendAsync(server, HttpMethod.Delete);
            Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(body, Does.StartWith("{\"error\":").And.Contain("SpeedData:Api:Writes"));
        }

        Assert.That(server.Log.Lines.Where(line => line.Contains("refused", StringComparison.Ordinal)), Has.Exactly(1).Contains("127.0.0.1"));
    }

    [Test]
    public async Task A_token_is_never_logged_or_returned()
    {
        using var folder = new TempFolder();
        string file = folder.Write("token", "thetoken");
        await using TestServer server = await TestServer.StartAsync(new ApiOptions { Writes = ApiWrites.Token, TokenFile = file });
        (HttpStatusCode refused, string answer) = await SendAsync(server, HttpMethod.Delete, ("Authorization", "Bearer wrongtoken"));
        (HttpStatusCode allowed, _) = await SendAsync(server, HttpMethod.Delete, ("Authorization", "Bearer thetoken"));

        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(allowed, Is.Not.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(answer, Does.Not.Contain("thetoken").And.Not.Contain("wrongtoken"));
            Assert.That(server.Log.Lines, Has.None.Contains("thetoken").And.None.Contains("wrongtoken"));
        });
    }

    [TestCase("http://pages.example", ExpectedResult = "http://pages.example")]
    [TestCase("http://attacker.example", ExpectedResult = "")]
    public async Task<string> CORS_headers_name_the_origins_that_may_read(string origin)
    {
        await using TestServer server = await TestServer.StartAsync(new ApiOptions { AllowedOrigins = ["http://pages.example"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/channels");
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? allowed) ? string.Join(',', allowed) : "";
    }

    [TestCase("http://pages.example", ExpectedResult = true)]
    [TestCase("http://attacker.example", ExpectedResult = false)]
    public async Task<bool> CORS_headers_name_the_origins_that_may_write(string origin)
    {
        await using TestServer server = await TestServer.StartAsync(new ApiOptions { AllowedOrigins = ["http://pages.example"] });
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/channels/example");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "PUT");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,if-match");
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        return answer.Headers.TryGetValues("Access-Control-Allow-Methods", out IEnumerable<string>? methods) && methods.Any(m => m.Contains("PUT", StringComparison.Ordinal))
            && answer.Headers.Contains("Access-Control-Allow-Headers") && answer.Headers.Contains("Access-Control-Allow-Origin");
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(TestServer server, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/channels/example");
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
