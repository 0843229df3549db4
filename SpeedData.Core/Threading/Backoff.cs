namespace SpeedData.Core.Threading;

/// <summary>
/// Delays that double from one attempt to the next. Each is drawn from the upper half of its step, so that parts that failed together
/// do not all retry together ("equal jitter": M. Brooker, "Exponential Backoff and Jitter", AWS 2015). One thread.
/// </summary>
/// <param name="initial">The longest first delay.</param>
/// <param name="max">The longest of all delays.</param>
/// <param name="random">A generator for tests; null for the shared generator.</param>
public sealed class Backoff(TimeSpan initial, TimeSpan max, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;
    private TimeSpan _step = Shorter(initial, max);

    /// <summary>
    /// Returns the delay before the next attempt, from half the step to the whole step. The step doubles up to the longest delay.
    /// </summary>
    public TimeSpan Next()
    {
        TimeSpan step = _step;
        _step = step > max / 2 ? max : step * 2;
        return (step / 2) + (step / 2 * _random.NextDouble());
    }

    /// <summary>Starts again with the first delay, because an attempt succeeded.</summary>
    public void Reset() => _step = Shorter(initial, max);

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
