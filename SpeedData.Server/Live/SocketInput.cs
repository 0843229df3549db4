using System.Net.WebSockets;
using System.Text.Json;

namespace SpeedData.Server.Live;

/// <summary>Why a connection ends.</summary>
internal readonly record struct Ending(WebSocketCloseStatus Status, string Why)
{
    public static readonly Ending Normal = new(WebSocketCloseStatus.NormalClosure, "");

    public static readonly Ending OfServer = new(WebSocketCloseStatus.EndpointUnavailable, "the server stops");
}

/// <summary>Reads the messages of a watcher. One task.</summary>
/// <param name="socket">The connection.</param>
/// <param name="longest">The greatest length of a message, in bytes.</param>
/// <param name="takesBinary">Whether binary messages are ignored; otherwise they end the connection.</param>
internal sealed class SocketInput(WebSocket socket, int longest, bool takesBinary)
{
    private const int UsualBytes = 4096;

    private byte[] _buffer = new byte[UsualBytes];

    /// <summary>Reads messages until the connection has to end.</summary>
    /// <param name="take">Receives each text. If it returns a reason, the connection ends.</param>
    public async Task<Ending> ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask<Ending?>> take)
    {
        try
        {
            while (true)
            {
                (int length, WebSocketMessageType type) = await ReadMessageAsync();
                if (type == WebSocketMessageType.Close)
                    return Ending.Normal;
                if (length < 0)
                    return new Ending(WebSocketCloseStatus.MessageTooBig, $"a message has at most {longest} bytes");
                if (type == WebSocketMessageType.Binary && !takesBinary)
                    return new Ending(WebSocketCloseStatus.InvalidMessageType, "messages to this address are JSON texts");
                if (type == WebSocketMessageType.Text && await take(_buffer.AsMemory(0, length)) is { } ending)
                    return ending;
            }
        }
        catch (JsonException)
        {
            return new Ending(WebSocketCloseStatus.InvalidPayloadData, "a message is not a JSON object");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            return Ending.Normal;
        }
    }

    /// <returns>The length of the message; -1 if it is too long.</returns>
    private async ValueTask<(int Length, WebSocketMessageType Type)> ReadMessageAsync()
    {
        if (_buffer.Length > UsualBytes)
            _buffer = new byte[UsualBytes];
        for (int length = 0; ;)
        {
            if (length == _buffer.Length)
            {
                if (length >= longest)
                    return (-1, WebSocketMessageType.Text);
                Array.Resize(ref _buffer, Math.Min(longest, 2 * length));
            }

            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            length += received.Count;
            if (received.EndOfMessage || received.MessageType == WebSocketMessageType.Close)
                return (length, received.MessageType);
        }
    }
}
