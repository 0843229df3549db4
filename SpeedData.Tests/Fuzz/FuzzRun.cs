using System.Diagnostics;
using System.Globalization;

namespace SpeedData.Tests.Fuzz;

/// <summary>Runs a case over and over, each with a seed of its own by which it can be run again.</summary>
internal static class FuzzRun
{
    /// <summary>Minutes that the explicit runs take.</summary>
    public const string MinutesVariable = "SPEEDDATA_FUZZ_MINUTES";

    private const double DefaultMinutes = 10;

    /// <summary>What one case may take; three bombs took 4 s of CPU, and 30 s on a machine with a load of 10.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>What one case may allocate in all: a few times the most that a block decodes to.</summary>
    private const long MostAllocated = 3L << 30;

    /// <summary>A number of cases from a fixed seed on.</summary>
    public static void Bounded(int cases, Action<Random> run)
    {
        for (int seed = 0; seed < cases; seed++)
            One(seed, run);
    }

    /// <summary>As long as the environment says, from a seed that is new every time.</summary>
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

    /// <summary>One case again.</summary>
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
        Assert.That(allocated, Is.LessThan(MostAllocated), $"seed {seed} takes memory without bound");
    }
}
