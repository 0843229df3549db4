using System.Diagnostics;

namespace SpeedData.Tests.Support;

/// <summary>Waits for what another thread is about to do; fails with what was seen last.</summary>
internal static class Eventually
{
    public static void True(Func<bool> condition, string what, double seconds = 60) => True(condition, () => what, seconds);

    /// <param name="condition">What is about to become true.</param>
    /// <param name="what">The same in words, with what was seen last.</param>
    /// <param name="seconds">How long to wait.</param>
    public static void True(Func<bool> condition, Func<string> what, double seconds = 60)
    {
        long start = Stopwatch.GetTimestamp();
        for (int looks = 0; !condition(); looks++)
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                Assert.Fail($"not within {seconds} s: {what()}");
            // The pace of the looks; whether the test passes does not depend on it. What takes long, a server's start, is not
            // made longer by looking all the time.
            Thread.Sleep(Math.Min(1 + (looks / 10), 10));
        }
    }

    /// <inheritdoc cref="True(Func{bool}, Func{string}, double)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, double seconds = 60)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                Assert.Fail($"not within {seconds} s: {what()}");
            // The pace of the looks, as above.
            await Task.Delay(20);
        }
    }
}
