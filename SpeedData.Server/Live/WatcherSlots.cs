using SpeedData.Core.Configuration;

namespace SpeedData.Server.Live;

/// <summary>Limits the number of watchers, of all kinds together. Any thread.</summary>
internal sealed class WatcherSlots(SpeedDataOptions options)
{
    private int _taken;

    public int Most => options.Watchers;

    public int Taken => Volatile.Read(ref _taken);

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= Most)
            return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
