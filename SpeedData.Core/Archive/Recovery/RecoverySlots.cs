namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Limits how many files the process recovers at once, over all channels. Each needs memory for a block, and disk time that
/// recording needs too.
/// </summary>
internal static class RecoverySlots
{
    private const int AtOnce = 2;

    private static readonly SemaphoreSlim Free = new(AtOnce, AtOnce);

    /// <summary>Waits for a slot. Dispose of the scope to return it.</summary>
    /// <exception cref="OperationCanceledException">The wait was stopped.</exception>
    public static SlotScope Take(CancellationToken stop)
    {
        Free.Wait(stop);
        return new SlotScope(Free);
    }
}

/// <summary>One slot, until it is disposed.</summary>
internal readonly struct SlotScope(SemaphoreSlim slots) : IDisposable
{
    public void Dispose() => slots.Release();
}
