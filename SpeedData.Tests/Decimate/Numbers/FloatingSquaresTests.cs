using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Tests.Decimate.Numbers;

/// <summary>Root mean squares, from the smallest double to the largest. The cases were calculated by hand.</summary>
public sealed class FloatingSquaresTests
{
    [TestCase(5.0, 7, 1)]
    [TestCase(5.0, 7, 5, 5, -1)]
    [TestCase(3.0, 3, -3)]
    [TestCase(0.1, 0.1, -0.1, 0.1)]
    [TestCase(0.0, 0, -0.0)]
    [TestCase(1e200, 1e200, -1e200)]
    [TestCase(1e-200, 1e-200, 1e-200)]
    [TestCase(double.MaxValue, double.MaxValue, -double.MaxValue)]
    [TestCase(double.MaxValue / 2, double.MaxValue, 0, 0, 0)]
    [TestCase(double.Epsilon, double.Epsilon, double.Epsilon)]
    [TestCase(5 * double.Epsilon, 7 * double.Epsilon, -double.Epsilon)]
    [TestCase(5e-150, 7e-150, 1e-150)]
    [TestCase(5e-140, 7e-140, 1e-140)]
    [TestCase(5e151, 7e151, 1e151)]
    public void A_root_mean_square_neither_overflows_nor_underflows(double rms, params double[] values) =>
        Assert.That(ExactMath.UlpsApart(NumberBench.Of(fields => new FloatingSquares(fields), values), rms), Is.LessThanOrEqualTo(1));

    [TestCase(double.NaN, double.NaN)]
    [TestCase(2.0, 2, double.NaN, -2)]
    [TestCase(double.PositiveInfinity, 1, double.NegativeInfinity)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NaN)]
    [TestCase(1e250, double.NaN, 1e250)]
    public void An_infinity_makes_the_result_infinite_and_NaN_is_left_out(double rms, params double[] values) =>
        Assert.That(NumberBench.Of(fields => new FloatingSquares(fields), values), Is.EqualTo(rms));

    [Test]
    public void Values_of_very_different_sizes_are_combined_correctly([Values(-480, -452, -451, -450, -449, 0, 498, 499, 500, 501, 900)] int exponent)
    {
        var random = new Random(exponent);
        for (int i = 0; i < 200; i++)
        {
            double[] values = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, exponent + random.Next(-3, 4)))];
            double rms = NumberBench.Of(fields => new FloatingSquares(fields), values);
            Assert.That(ExactMath.UlpsApart(rms, ExactMath.Rms(values)), Is.LessThanOrEqualTo(1), () => string.Join(", ", values));
        }
    }

    [Test]
    public void Many_scaled_values_and_one_unscaled_value_are_combined_without_loss()
    {
        var random = new Random(11);
        double[] values = [Math.ScaleB(1, -450), .. Enumerable.Range(0, 20_000).Select(_ => Math.ScaleB(0.5 + (random.NextDouble() / 2), -450))];
        Assert.That(ExactMath.UlpsApart(NumberBench.Of(fields => new FloatingSquares(fields), values), ExactMath.Rms(values)), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void A_window_does_not_affect_the_next_one()
    {
        double[][] odd = [[1e300, double.NaN, double.PositiveInfinity, 1e-300, 5], [1, 2, 3, 1e-300, 5]];
        double[][] plain = [[3, 3, 3, 3, 3]];
        Assert.That(NumberBench.Run(fields => new FloatingSquares(fields), odd, plain)[1], Is.EqualTo(new double[] { 3, 3, 3, 3, 3 }));
    }
}
