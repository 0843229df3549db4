namespace SpeedData.Server.Live;

/// <summary>Lets one task sleep until another thread wakes it.</summary>
internal sealed class Wakeup : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);

    /// <summary>Wakes the task. Any thread, even after the task has ended.</summary>
    public void Wake()
    {
        try
        {
            if (_semaphore.CurrentCount == 0)
                _semaphore.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Another thread has woken the task, or it has ended.
        }
    }

    public Task SleepAsync(TimeSpan most) => most > TimeSpan.Zero ? _semaphore.WaitAsync(most) : Task.CompletedTask;

    public void Dispose() => _semaphore.Dispose();
}
