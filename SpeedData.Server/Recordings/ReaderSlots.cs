namespace SpeedData.Server.Recordings;

/// <summary>Limits how many readers run at the same time. Other requests must try again later.</summary>
internal sealed class ReaderSlots(int readers) : IDisposable
{
    private readonly SemaphoreSlim _free = new(readers, readers);

    /// <returns>A slot; null if all are taken.</returns>
    public IDisposable? TryTake() => _free.Wait(0) ? new Slot(_free) : null;

    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}
