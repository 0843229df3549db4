using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Live;

/// <summary>Requests that the live feed of the real server refuses. All tests share one server, since a refusal leaves no state.</summary>
public sealed class LiveRefusalTests
{
    private ServerProcess _server = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = new ServerProcess();
        _server.Start();
        _server.UntilItRelays();
        _server.UntilHttpAnswers();
    }

    [OneTimeTearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task Unknown_signals_are_named_and_wrong_requests_are_answered()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        await client.SendAsync("""{"type":"subscribe","id":1,"signals":["alpha.nothing","beta.text","<b>","","alpha.sequence","alpha.sequence"]}""");
        JsonElement subscribed = await client.UntilAsync("subscribed");
        await client.SendAsync("""{"type":"subscribe","id":2,"signals":["alpha.text"],"width_ms":5}""");
        JsonElement error = await client.UntilAsync("error");
        await client.SendAsync("""{"type":"ping","token":"x"}""");
        JsonElement pong = await client.UntilAsync("pong");

        Assert.Multiple(() =>
        {
            Assert.That(subscribed.GetProperty("unknown").EnumerateArray().Select(unknown => unknown.GetProperty("signal").GetString()), Is.EqualTo(new[] { "alpha.nothing", "beta.text", "<b>", "" }));
            Assert.That(subscribed.GetProperty("tables")[0].GetProperty("numbers").GetArrayLength(), Is.EqualTo(1));
            Assert.That(error.GetProperty("id").GetInt32(), Is.EqualTo(2));
            Assert.That(error.GetProperty("error").GetString(), Does.Contain("20 to 60000").Or.Contain("20 and 60000"));
            Assert.That(pong.GetProperty("token").GetString(), Is.EqualTo("x"));
        });
    }

    [TestCase("[]", WebSocketMessageType.Text, WebSocketCloseStatus.InvalidPayloadData)]
    [TestCase("{", WebSocketMessageType.Text, WebSocketCloseStatus.InvalidPayloadData)]
    [TestCase("{}", WebSocketMessageType.Binary, WebSocketCloseStatus.InvalidMessageType)]
    public async Task An_invalid_message_ends_the_connection(string message, WebSocketMessageType type, WebSocketCloseStatus status)
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        await client.SendAsync(message, type);

        Assert.That(await client.UntilClosedAsync(), Is.EqualTo(status));
    }

    [TestCase("/api/v1/live", null, "http://127.0.0.1", HttpStatusCode.BadRequest)]
    [TestCase("/api/v1/live", "other.v1", null, HttpStatusCode.BadRequest)]
    [TestCase("/api/v1/live", "speeddata.live.v1", "https://evil.example", HttpStatusCode.Forbidden)]
    [TestCase("/foxglove", "foxglove.websocket.v1", "https://evil.example", HttpStatusCode.Forbidden)]
    [TestCase("/api/v1/live/json?channel=alpha", null, "https://evil.example", HttpStatusCode.Forbidden)]
    [TestCase("/api/v1/live/json?channel=beta", null, null, HttpStatusCode.NotFound)]
    public async Task A_client_without_access_is_refused_before_the_connection_opens(string path, string? subprotocol, string? origin, HttpStatusCode status) =>
        Assert.That(await LiveClient.StatusOfAsync(_server.HttpPort, path, subprotocol, origin is "http://127.0.0.1" ? $"{origin}:{_server.HttpPort}" : origin), Is.EqualTo(status));
}
