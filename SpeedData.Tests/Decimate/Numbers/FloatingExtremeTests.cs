using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Tests.Decimate.Numbers;

public sealed class FloatingExtremeTests
{
    [TestCase(1, 3, 2.0, 3, 1)]
    [TestCase(-5, -5, -5.0)]
    [TestCase(1, 2, double.NaN, 2, 1, double.NaN)]
    [TestCase(double.NaN, double.NaN, double.NaN)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NaN)]
    [TestCase(double.NegativeInfinity, double.PositiveInfinity, 0, double.NegativeInfinity, double.PositiveInfinity)]
    [TestCase(-double.Epsilon, double.Epsilon, 0, double.Epsilon, -double.Epsilon)]
    public void The_smallest_and_the_largest_are_found_and_NaN_is_left_out(double least, double most, params double[] values) => Assert.Multiple(() =>
    {
        Assert.That(NumberBench.Of(fields => new FloatingExtreme<Smaller>(fields), values), Is.EqualTo(least));
        Assert.That(NumberBench.Of(fields => new FloatingExtreme<Larger>(fields), values), Is.EqualTo(most));
    });

    [Test]
    public void A_window_does_not_affect_the_next_one() =>
        Assert.That(NumberBench.Run(fields => new FloatingExtreme<Smaller>(fields), [[-9, -9, -9, -9, -9]], [[1, 2, 3, 4, 5], [2, 1, 4, 3, 6]])[1], Is.EqualTo(new double[] { 1, 1, 3, 3, 5 }));
}
