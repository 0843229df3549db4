using System.Diagnostics;

namespace SpeedData.Tests.Support;

/// <summary>Waits until a condition becomes true. Fails with the last observed state.</summary>
internal static class Eventually
{
    public static void True(Func<bool> condition, string what, double seconds = 60) => True(condition, () => what, seconds);

    /// <param name="condition">The condition to wait for.</param>
    /// <param name="what">Describes the condition, with the last observed state.</param>
    /// <param name="seconds">Longest time to wait.</param>
    public static void True(Func<bool> condition, Func<string> what, double seconds = 60)
    {
        long start = Stopwatch.GetTimestamp();
        for (int looks = 0; !condition(); looks++)
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                Assert.Fail($"not within {seconds} s: {what()}");
            // The pause does not decide whether the test passes. Slow conditions, such as the start of a server, are checked less often,
            // so that the checks do not slow them down.
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
            // The pause does not decide whether the test passes.
            await Task.Delay(20);
        }
    }
}
