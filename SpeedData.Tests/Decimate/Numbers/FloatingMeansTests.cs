using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Tests.Decimate.Numbers;

/// <summary>The mean is the mean of the exact sum, whatever the values. The cases were calculated by hand.</summary>
public sealed class FloatingMeansTests
{
    [TestCase(2.0, 1.0, 2.0, 3.0)]
    [TestCase(0.1, 0.1)]
    [TestCase(0.1, 0.1, 0.1, 0.1)]
    [TestCase(1.0 / 3, 1e300, 1, -1e300)]
    [TestCase(0.0, 1e300, 1, 1e-300, -1e300, -1, -1e-300)]
    [TestCase(1e-300 / 5, 1e300, 1, 1e-300, -1e300, -1)]
    [TestCase(2.0 / 3, 1e16, 2, -1e16)]
    [TestCase(1.0 / 5, 1e100, 1e50, 1, -1e50, -1e100)]
    [TestCase(double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue)]
    [TestCase(double.MaxValue / 3, double.MaxValue, double.MaxValue, -double.MaxValue)]
    [TestCase(0.0, double.MaxValue, double.MaxValue, -double.MaxValue, -double.MaxValue)]
    [TestCase(double.Epsilon, double.Epsilon, double.Epsilon)]
    [TestCase(0.0, double.Epsilon, 0)]
    [TestCase(2 * double.Epsilon, 3 * double.Epsilon, 0)]
    [TestCase(double.Epsilon, 2 * double.Epsilon, double.Epsilon, 0)]
    [TestCase(0.0, 0)]
    public void A_mean_is_the_mean_of_the_exact_sum(double mean, params double[] values) =>
        Assert.That(NumberBench.Of(fields => new FloatingMeans(fields), values), Is.EqualTo(mean));

    [TestCase(2.0, 1, double.NaN, 3)]
    [TestCase(double.NaN, double.NaN, double.NaN)]
    [TestCase(double.PositiveInfinity, 1, double.PositiveInfinity, 2)]
    [TestCase(double.NegativeInfinity, 1, double.NegativeInfinity, double.NaN)]
    [TestCase(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1)]
    [TestCase(double.PositiveInfinity, double.MaxValue, double.MaxValue, double.PositiveInfinity)]
    [TestCase(0.1, double.NaN, 0.1, 0.1, double.NaN, 0.1)]
    public void Infinities_add_up_as_IEEE_sums_do_and_NaN_is_left_out(double mean, params double[] values) =>
        Assert.That(NumberBench.Of(fields => new FloatingMeans(fields), values), Is.EqualTo(mean));

    [Test]
    public void A_sum_may_leave_the_range_of_doubles_and_return()
    {
        double[] values = [.. Enumerable.Repeat(double.MaxValue, 1000), .. Enumerable.Repeat(-double.MaxValue, 1000), 2002];
        Assert.That(NumberBench.Of(fields => new FloatingMeans(fields), values), Is.EqualTo(2002.0 / 2001));
    }

    [Test]
    public void Values_too_small_to_change_the_largest_double_still_count()
    {
        // Each value is half an ulp of the largest double: the running sum never changes, and adding the lost parts to it overflows.
        double half = Math.ScaleB(1, 970);
        double[] values = [double.MaxValue, .. Enumerable.Repeat(half, 40)];
        Assert.That(NumberBench.Of(fields => new FloatingMeans(fields), values), Is.EqualTo(ExactMath.Mean(values)));
    }

    [Test]
    public void A_window_of_a_million_loses_nothing()
    {
        var random = new Random(7);
        double[] values = [.. Enumerable.Range(0, 500_000).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 60)))];
        values = [.. values, .. values.Select(v => -v), 1.0];
        random.Shuffle(values);
        Assert.That(NumberBench.Of(fields => new FloatingMeans(fields), values), Is.EqualTo(1.0 / 1_000_001));
    }

    [Test]
    public void A_window_does_not_affect_the_next_one()
    {
        double[][] odd = [[1e300, double.NaN, double.PositiveInfinity, 0.3, double.MaxValue, 5], [1, 2, 3, 1e-300, double.MaxValue, 5], [-1e300, 1, 1, 1, double.MaxValue, 5]];
        double[][] plain = [[1, 2, 3, 4, 5, 6], [3, 4, 5, 6, 7, 8]];
        Assert.That(NumberBench.Run(fields => new FloatingMeans(fields), odd, plain)[1], Is.EqualTo(new double[] { 2, 3, 4, 5, 6, 7 }));
    }
}
