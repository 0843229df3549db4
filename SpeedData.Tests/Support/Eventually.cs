using System.Diagnostics;

namespace SpeedData.Tests.Support;

/// <summary>Waits for what another thread is about to do; fails with what was seen last.</summary>
internal static class Eventually
{
    public static void True(Func<bool> condition, string what, double seconds = 20)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                Assert.Fail($"not within {seconds} s: {what}");
            Thread.Yield();
            Thread.Sleep(1);
        }
    }
}
