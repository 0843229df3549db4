using System.Net.WebSockets;

namespace SpeedData.Server.Live;

/// <summary>
/// A connected watcher of any kind. One task reads its messages, another sends to it until it leaves or the server stops.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="time">The clock.</param>
/// <param name="longestMessage">The greatest length of a message from the watcher, in bytes.</param>
/// <param name="takesBinary">Whether binary messages are ignored; otherwise they end the connection.</param>
internal abstract class Watcher(WebSocket socket, TimeProvider time, int longestMessage, bool takesBinary) : IDisposable
{
    private readonly SocketOutput _output = new(socket, time);
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _left = new();
    private volatile bool _hasEnded;
    private CancellationToken _stop;

    /// <summary>Whether the watcher is connected and the server runs.</summary>
    protected bool IsConnected => !_hasEnded && !_stop.IsCancellationRequested;

    /// <summary>Cancelled when the watcher has left.</summary>
    protected CancellationToken Left => _left.Token;

    /// <summary>Serves the watcher until it leaves or the server stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _stop = stop;
        using CancellationTokenRegistration stopping = stop.Register(Wake);
        Task<Ending> reading = ReadAsync();
        try
        {
            await SendAllAsync();
            await _output.CloseAsync(stop.IsCancellationRequested ? Ending.OfServer : await reading);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The watcher has left.
        }
        finally
        {
            Leave();
            if (!reading.IsCompleted)
                socket.Abort();
            await _left.CancelAsync();
            await reading;
        }
    }

    public virtual void Dispose()
    {
        _output.Dispose();
        _wakeup.Dispose();
        _left.Dispose();
    }

    /// <summary>Sends as long as <see cref="IsConnected"/>.</summary>
    protected abstract Task SendAllAsync();

    /// <summary>Handles a text from the watcher on the reading task. A returned reason ends the connection.</summary>
    protected abstract ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message);

    /// <summary>Releases everything that the watcher watched.</summary>
    protected abstract void Leave();

    /// <summary>Wakes the sending task. Any thread.</summary>
    protected void Wake() => _wakeup.Wake();

    protected Task SleepAsync(TimeSpan most) => _wakeup.SleepAsync(most);

    protected ValueTask SendTextAsync(ReadOnlyMemory<byte> message) => _output.SendAsync(message, WebSocketMessageType.Text);

    protected ValueTask SendBinaryAsync(ReadOnlyMemory<byte> message) => _output.SendAsync(message, WebSocketMessageType.Binary);

    private async Task<Ending> ReadAsync()
    {
        Ending ending = await new SocketInput(socket, longestMessage, takesBinary).ReadAsync(TakeAsync);
        _hasEnded = true;
        Wake();
        return ending;
    }
}
