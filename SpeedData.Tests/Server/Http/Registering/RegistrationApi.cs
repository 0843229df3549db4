using System.Text;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Http.Registering;

/// <summary>A server with one fixed channel on port 26000, and a folder of its own with a schema file.</summary>
internal sealed class RegistrationApi : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly TestServer _server;

    private RegistrationApi(TempFolder folder, TestServer server) => (_folder, _server) = (folder, server);

    public static string Inline => Records.Schema;

    public string Folder => _folder.Path;

    public string ChannelsPath => Path.Combine(_folder.Path, "data", ".channels");

    public TestServer Server => _server;

    public static async Task<RegistrationApi> StartAsync(Action<string>? before = null, ApiOptions? api = null)
    {
        var folder = new TempFolder();
        folder.Write("sample.avsc", Records.Schema);
        folder.Write("broken.avsc", "{ nonsense");
        before?.Invoke(folder.Path);
        var options = new SpeedDataOptions { AvroPath = Path.Combine(folder.Path, "data"), Api = api ?? new ApiOptions(), Channels = [TestChannels.Options("fixed", 26000)] };
        return new RegistrationApi(folder, await TestServer.StartAsync(options, TestChannels.Active("fixed", 26000)));
    }

    /// <summary>Describes a channel as JSON. A schema that is not JSON is a path.</summary>
    public static string Body(string name = "pump", string port = "26001", string schema = "\"sample.avsc\"", string config = "{}") =>
        $$"""{ "name": "{{name}}", "port": {{port}}, "schema": {{schema}}, "config": {{config}} }""";

    public async Task<(int Status, JsonElement Body)> AskAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        // With Expect: 100-continue, a body that is refused for its size is not sent.
        request.Headers.ExpectContinue = body?.Length > 1 << 20;
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await _server.Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        using JsonDocument document = JsonDocument.Parse(text.Length == 0 ? "null" : text);
        return ((int)answer.StatusCode, document.RootElement.Clone());
    }

    public Task<(int Status, JsonElement Body)> PostAsync(string body) => AskAsync("POST", "/api/v1/channels", body);

    public async Task<string[]> NamesAsync() =>
        [.. (await AskAsync("GET", "/api/v1/channels")).Body.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
