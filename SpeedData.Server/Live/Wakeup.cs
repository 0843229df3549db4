namespace SpeedData.Server.Live;

/// <summary>Lets one task sleep until another thread has something for it.</summary>
internal sealed class Wakeup : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);

    /// <summary>Any thread; also after the sleeper has gone.</summary>
    public void Wake()
    {
        try
        {
            if (_semaphore.CurrentCount == 0)
                _semaphore.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Another was as fast, or nobody sleeps any more.
        }
    }

    public Task SleepAsync(TimeSpan most) => most > TimeSpan.Zero ? _semaphore.WaitAsync(most) : Task.CompletedTask;

    public void Dispose() => _semaphore.Dispose();
}
