using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Live;

/// <summary>A client of the live feed, written from docs/live-protocol.md.</summary>
internal sealed class LiveClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[4 << 20];

    public LiveClient() => _socket.Options.AddSubProtocol("speeddata.live.v1");

    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    public static async Task<LiveClient> ConnectAsync(int port, string path = "/api/v1/live")
    {
        var client = new LiveClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                client.Dispose();
                client = new LiveClient();
                await client._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{path}"), CancellationToken.None);
                return true;
            }
            catch (WebSocketException)
            {
                return false;
            }
        }, () => "the live feed is served");
        return client;
    }

    /// <summary>Opens a WebSocket and returns the HTTP status of the answer.</summary>
    public static async Task<HttpStatusCode> StatusOfAsync(int port, string path, string? subprotocol = null, string? origin = null)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (subprotocol is not null)
            socket.Options.AddSubProtocol(subprotocol);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{path}"), CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The server refused the connection.
        }

        return socket.HttpStatusCode;
    }

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, true, CancellationToken.None);

    /// <summary>Receives the next message: a text or a frame, or neither if the connection is closed.</summary>
    public async Task<(JsonElement? Text, Frame? Frame)> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        int length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            length += received.Count;
        }
        while (!received.EndOfMessage);
        return received.MessageType switch
        {
            WebSocketMessageType.Text => (JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement, null),
            WebSocketMessageType.Binary => (null, Frame.Read(_buffer.AsSpan(0, length))),
            _ => (null, null),
        };
    }

    /// <summary>Receives until a text of the given type arrives.</summary>
    public async Task<JsonElement> UntilAsync(string type)
    {
        while (true)
        {
            (JsonElement? text, Frame? frame) = await NextAsync();
            if (text is null && frame is null)
                throw new AssertionException($"closed with {Closed} {_socket.CloseStatusDescription} before a {type}");
            if (text is { } message && message.GetProperty("type").GetString() == type)
                return message;
        }
    }

    /// <summary>Receives until the connection is closed.</summary>
    public async Task<WebSocketCloseStatus?> UntilClosedAsync()
    {
        while (await NextAsync() is not (null, null))
        {
        }

        return Closed;
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>A binary message.</summary>
internal sealed record Frame(uint Table, double Width, double[][] Rows)
{
    public static Frame Read(ReadOnlySpan<byte> bytes)
    {
        Assert.That((bytes[0], bytes[1]), Is.EqualTo(((byte)1, (byte)1)));
        int rows = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), cells = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        Assert.That(bytes.Length, Is.EqualTo(32 + (8 * rows * cells)));
        double[] all = MemoryMarshal.Cast<byte, double>(bytes[32..]).ToArray();
        return new Frame(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]), [.. Enumerable.Range(0, rows).Select(row => all[(row * cells)..((row + 1) * cells)])]);
    }
}
