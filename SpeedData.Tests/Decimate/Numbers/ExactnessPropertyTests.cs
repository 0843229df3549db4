using FsCheck;
using FsCheck.Fluent;
using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Tests.Decimate.Numbers;

/// <summary>Compares accumulators with integer arithmetic. FsCheck draws the seeds and prints a failing one.</summary>
public sealed class ExactnessPropertyTests
{
    private const int Cases = 3000;

    [Test]
    public void Means_of_doubles_are_within_an_ulp_of_the_rounded_exact_mean() =>
        ForAll(random => Doubles(random, fields => new FloatingMeans(fields), ExactMath.Mean, ulps: 1));

    [Test]
    public void Root_mean_squares_of_doubles_are_within_an_ulp_of_the_rounded_exact_value() =>
        ForAll(random => Doubles(random, fields => new FloatingSquares(fields), ExactMath.Rms, ulps: 1));

    [Test]
    public void Extremes_are_exact() => ForAll(random =>
    {
        Doubles(random, fields => new FloatingExtreme<Smaller>(fields), column => column.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Min(), ulps: 0);
        Doubles(random, fields => new FloatingExtreme<Larger>(fields), column => column.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Max(), ulps: 0);
    });

    [Test]
    public void Means_and_roots_of_integers_are_exact() => ForAll(random =>
    {
        int bits = random.Next(1, 65);
        long[] values = [.. Enumerable.Range(0, Count(random)).Select(_ => random.Next(10) == 0 ? long.MinValue : random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits))];
        Assert.That(NumberBench.Of<IntegerMean>(values), Is.EqualTo(ExactMath.Mean(values)), () => string.Join(", ", values));
        Assert.That(NumberBench.Of<IntegerRms>(values), Is.EqualTo(ExactMath.Rms(values, long.MaxValue)), () => string.Join(", ", values));
    });

    private static void Doubles(Random random, Func<int, FloatingAccumulator> create, Func<IReadOnlyCollection<double>, double> expected, long ulps)
    {
        int fields = random.Next(1, 10);
        double[][][] windows = [.. Enumerable.Range(0, 2).Select(_ => Window(random, fields))];
        List<double[]> results = NumberBench.Run(create, windows);
        for (int w = 0; w < windows.Length; w++)
        {
            for (int field = 0; field < fields; field++)
            {
                double[] column = [.. windows[w].Select(row => row[field])];
                Assert.That(ExactMath.UlpsApart(results[w][field], expected(column)), Is.LessThanOrEqualTo(ulps),
                    () => $"{results[w][field]:R} for {expected(column):R}, of {string.Join(", ", column.Select(v => v.ToString("R")))}");
            }
        }
    }

    private static double[][] Window(Random random, int fields)
    {
        int records = Count(random);
        double[][] columns = [.. Enumerable.Range(0, fields).Select(_ => NumberBench.Values(random, records))];
        return [.. Enumerable.Range(0, records).Select(r => columns.Select(c => c[r]).ToArray())];
    }

    private static int Count(Random random) => random.Next(4) switch { 0 => 1, 1 => random.Next(1, 6), 2 => random.Next(1, 30), _ => random.Next(1, 100) };

    private static void ForAll(Action<Random> property) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => property(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
}
