using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Server;
using SpeedData.Server.Hosting;

namespace SpeedData.Tests.Server.Support;

/// <summary>A server on a free port, with the channels of a test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _handler = new() { UseProxy = false };

    private TestServer(WebApplication app, FakeChannelHost host)
    {
        _app = app;
        Host = host;
        Client = new HttpClient(_handler) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public FakeChannelHost Host { get; }

    public HttpClient Client { get; }

    public RecordingLog Log { get; private init; } = null!;

    public static Task<TestServer> StartAsync(params Channel[] channels) => StartAsync(NoArchive, SpeedDataOptions.DefaultReaders, channels);

    /// <param name="folder">The folder of <c>Pages:Path</c>.</param>
    public static Task<TestServer> StartWithPagesAsync(string folder) => StartAsync(OptionsOf(NoArchive) with { PagesPath = folder });

    public static Task<TestServer> StartAsync(string root, int readers = SpeedDataOptions.DefaultReaders, params Channel[] channels) => StartAsync(root, readers, new PivotOptions(), channels);

    public static Task<TestServer> StartAsync(string root, int readers, PivotOptions pivot, params Channel[] channels) =>
        StartAsync(OptionsOf(root, channels) with { Readers = readers, Pivot = pivot }, channels);

    public static Task<TestServer> StartAsync(ApiOptions api, params Channel[] channels) => StartAsync(OptionsOf(NoArchive, channels) with { Api = api }, channels);

    private static string NoArchive => Path.Combine(Path.GetTempPath(), "speeddata-none");

    private static SpeedDataOptions OptionsOf(string root, params Channel[] channels) => new() { AvroPath = root, Channels = [.. channels.Select(c => c.Options)] };

    public static async Task<TestServer> StartAsync(SpeedDataOptions options, params Channel[] channels)
    {
        var host = new FakeChannelHost(channels);
        var log = new RecordingLog();
        var plan = new ServerPlan(options, new ConfigurationBuilder().Build(), ["http://127.0.0.1:0"], Demo: false);
        WebApplication app = ServerHost.Build(plan, new ApplicationEnvironment { Channels = (_, _, _) => host, Log = log });
        await app.StartAsync();
        return new TestServer(app, host) { Log = log };
    }

    public Task<string> TextAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative));

    public async Task<(int Status, JsonElement Body)> JsonAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(path, UriKind.Relative));
        using HttpResponseMessage answer = await Client.SendAsync(request);
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, document.RootElement.Clone());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
