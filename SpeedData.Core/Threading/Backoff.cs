namespace SpeedData.Core.Threading;

/// <summary>
/// Delays that double from one attempt to the next. Each is drawn from the upper half of its step, so that parts that failed
/// together do not all try again together ("equal jitter": M. Brooker, "Exponential Backoff and Jitter", AWS 2015). One thread.
/// </summary>
/// <param name="initial">Longest first delay.</param>
/// <param name="max">Longest delay of all.</param>
/// <param name="random">For tests; the shared generator where null.</param>
public sealed class Backoff(TimeSpan initial, TimeSpan max, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;
    private TimeSpan _step = Shorter(initial, max);

    /// <summary>The delay before the next attempt: from half the step to the whole, the step doubling up to the longest.</summary>
    public TimeSpan Next()
    {
        TimeSpan step = _step;
        _step = step > max / 2 ? max : step * 2;
        return (step / 2) + (step / 2 * _random.NextDouble());
    }

    /// <summary>An attempt succeeded: the next delay is the first again.</summary>
    public void Reset() => _step = Shorter(initial, max);

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
