using System.Net.WebSockets;

namespace SpeedData.Server.Live;

/// <summary>
/// A connected watcher of any kind: one task reads what it sends, another sends to it until it has gone or the server ends.
/// </summary>
/// <param name="socket">Its connection.</param>
/// <param name="time">The clock.</param>
/// <param name="longestMessage">Bytes of the longest message that it may send.</param>
/// <param name="takesBinary">Whether its binary messages are passed over; else they end the connection.</param>
internal abstract class Watcher(WebSocket socket, TimeProvider time, int longestMessage, bool takesBinary) : IDisposable
{
    private readonly SocketOutput _output = new(socket, time);
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _left = new();
    private volatile bool _hasEnded;
    private CancellationToken _stop;

    /// <summary>Whether there is still somebody to send to.</summary>
    protected bool IsConnected => !_hasEnded && !_stop.IsCancellationRequested;

    /// <summary>Is cancelled when the watcher has gone.</summary>
    protected CancellationToken Left => _left.Token;

    /// <summary>Returns when the watcher has gone, or the server ends.</summary>
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
            // It is gone.
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

    /// <summary>Takes a text from the watcher, on the task that reads; a reason ends the connection.</summary>
    protected abstract ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message);

    /// <summary>Gives back what it watched.</summary>
    protected abstract void Leave();

    /// <summary>Any thread: there is something to send.</summary>
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
