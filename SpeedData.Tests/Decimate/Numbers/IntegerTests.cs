using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Tests.Decimate.Numbers;

/// <summary>Integers are exact, and halves are rounded to even. The cases were calculated by hand.</summary>
public sealed class IntegerTests
{
    [TestCase(2, 1, 2, 3)]
    [TestCase(0, 0, 1)]
    [TestCase(2, 1, 2)]
    [TestCase(2, 2, 3)]
    [TestCase(-2, -1, -2)]
    [TestCase(-2, -2, -3)]
    [TestCase(0, 0, -1)]
    [TestCase(1, 1, 1, 0)]
    [TestCase(-1, -1, -1, 0)]
    [TestCase(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    [TestCase(long.MinValue, long.MinValue, long.MinValue, long.MinValue)]
    [TestCase(0, long.MinValue, long.MaxValue)]
    [TestCase(long.MaxValue - 1, long.MaxValue, long.MaxValue - 1)]
    [TestCase(long.MaxValue - 1, long.MaxValue - 1, long.MaxValue - 2)]
    [TestCase(-1, long.MinValue, long.MaxValue, -1)]
    public void A_mean_is_rounded_half_to_even_and_cannot_overflow(long mean, params long[] values) =>
        Assert.That(NumberBench.Of<IntegerMean>(values), Is.EqualTo(mean));

    [TestCase(5, 7, 1)]
    [TestCase(3, -3, 3)]
    [TestCase(0, 0, 0)]
    [TestCase(0, 1, 0, 0, 0)] // 1/2
    [TestCase(2, 3, 0, 0, 0)] // 3/2
    [TestCase(2, 5, 0, 0, 0)] // 5/2
    [TestCase(4, 7, 0, 0, 0)] // 7/2
    [TestCase(1, 1, 0, 0)] // 0.58
    [TestCase(0, 1, 0, 0, 0, 0)] // 0.45
    [TestCase(long.MaxValue, long.MaxValue, long.MaxValue)]
    [TestCase(long.MaxValue, long.MinValue, long.MinValue)]
    [TestCase(long.MaxValue, long.MinValue, long.MaxValue)]
    [TestCase(1L << 62, long.MinValue, 0, 0, 0)]
    [TestCase(3037000500, 4294967296, 0)] // 2^32 / √2 = 3037000499.976
    [TestCase(4503599627370497, 9007199254740994, 0, 0, 0)] // 2^53 + 2, halved
    public void A_root_mean_square_is_rounded_half_to_even_and_clamped(long rms, params long[] values) =>
        Assert.That(NumberBench.Of<IntegerRms>(values), Is.EqualTo(rms));

    [Test]
    public void Halves_of_large_roots_go_to_the_even_neighbour()
    {
        // Only one of four values is not 0, so the root mean square is half of that value.
        for (long value = (1L << 62) - 9; value < (1L << 62) + 9; value += 2)
            Assert.That(NumberBench.Of<IntegerRms>(value, 0, 0, 0), Is.EqualTo((value / 2 % 2 == 0) ? value / 2 : (value / 2) + 1));
    }

    [Test]
    public void Two_million_of_the_largest_squares_do_not_overflow()
    {
        IntegerRms rms = default;
        IntegerMean mean = default;
        for (int i = 0; i < 2_000_000; i++)
        {
            rms.Add(long.MinValue + 1);
            mean.Add(long.MinValue + 1);
        }

        Assert.That((rms.Result(2_000_000), mean.Result(2_000_000)), Is.EqualTo((long.MaxValue, long.MinValue + 1)));
    }

    [Test]
    public void The_smallest_and_the_largest_are_found() => Assert.Multiple(() =>
    {
        Assert.That(NumberBench.Of<IntegerMin>(3, long.MinValue, long.MaxValue, -7), Is.EqualTo(long.MinValue));
        Assert.That(NumberBench.Of<IntegerMax>(3, long.MinValue, long.MaxValue, -7), Is.EqualTo(long.MaxValue));
        Assert.That(NumberBench.Of<IntegerMin>(3), Is.EqualTo(3));
        Assert.That(NumberBench.Of<IntegerMax>(-3), Is.EqualTo(-3));
    });
}
