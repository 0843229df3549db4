using System.Diagnostics;
using System.Globalization;

namespace SpeedData.Tests.Fuzz;

/// <summary>Runs a case many times, each time with another seed. A seed repeats its case.</summary>
internal static class FuzzRun
{
    /// <summary>Environment variable with the minutes of the explicit runs.</summary>
    public const string MinutesVariable = "SPEEDDATA_FUZZ_MINUTES";

    private const double DefaultMinutes = 10;

    /// <summary>Time limit of one case. Three bombs took 4 s of CPU, and 30 s on a machine with a load of 10.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Limit on the total allocations of one case: a few times the largest decoded block.</summary>
    private const long MostAllocated = 3L << 30;

    /// <summary>Runs a number of cases, from a fixed first seed.</summary>
    public static void Bounded(int cases, Action<Random> run)
    {
        for (int seed = 0; seed < cases; seed++)
            One(seed, run);
    }

    /// <summary>Runs cases for the minutes in the environment variable, from a random first seed.</summary>
    public static void ForMinutes(Action<Random> run)
    {
        string? text = Environment.GetEnvironmentVariable(MinutesVariable);
        var limit = TimeSpan.FromMinutes(text is null ? DefaultMinutes : double.Parse(text, CultureInfo.InvariantCulture));
        int first = Random.Shared.Next(), cases = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < limit; cases++)
            One(unchecked(first + cases), run);
        TestContext.Progress.WriteLine($"{TestContext.CurrentContext.Test.Name}: {cases:N0} cases from seed {first} in {clock.Elapsed.TotalMinutes:0.0} min, no findings");
    }

    /// <summary>Runs the case of one seed.</summary>
    public static void One(int seed, Action<Random> run)
    {
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            run(new Random(seed));
        }
        catch (Exception e)
        {
            throw new AssertionException($"seed {seed}: {e}", e);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(clock.Elapsed, Is.LessThan(Longest), $"seed {seed} hangs");
        Assert.That(allocated, Is.LessThan(MostAllocated), $"seed {seed} allocates too much memory");
    }
}
