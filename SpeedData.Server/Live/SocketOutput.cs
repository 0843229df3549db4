using System.Net.WebSockets;

namespace SpeedData.Server.Live;

/// <summary>Sends to a watcher, and gives up if the watcher reads nothing. One thread at a time.</summary>
internal sealed class SocketOutput(WebSocket socket, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), Farewell = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _giveUp = new(Timeout.InfiniteTimeSpan, time);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        ValueTask sending = socket.SendAsync(message, type, endOfMessage: true, _giveUp.Token);
        if (sending.IsCompletedSuccessfully)
            return;
        _giveUp.CancelAfter(Patience);
        await sending;
        _giveUp.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Closes the connection. Waits shortly for the other side, so that it receives the reason.</summary>
    public async Task CloseAsync(Ending ending)
    {
        try
        {
            _giveUp.CancelAfter(Farewell);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseAsync(ending.Status, ending.Why, _giveUp.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
    }

    public void Dispose() => _giveUp.Dispose();
}
