using SpeedData.Core.Threading;

namespace SpeedData.Tests.Threading;

[TestFixture]
public class BackoffTests
{
    [Test]
    public void Delays_double_up_to_the_longest()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), new Constant(1));
        Assert.That(Take(backoff, 5), Is.EqualTo([1, 2, 4, 6, 6]));
    }

    [Test]
    public void Jitter_shortens_a_delay_by_up_to_half()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), new Constant(0));
        Assert.That(Take(backoff, 4), Is.EqualTo([0.5, 1, 2, 2]));
    }

    [Test]
    public void After_a_success_the_delay_starts_over()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Constant(1));
        Take(backoff, 3);
        backoff.Reset();
        Assert.That(Take(backoff, 2), Is.EqualTo([1, 2]));
    }

    [Test]
    public void A_first_delay_above_the_longest_is_limited_to_the_longest()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3), new Constant(1));
        Assert.That(Take(backoff, 2), Is.EqualTo([3, 3]));
    }

    private static double[] Take(Backoff backoff, int count) => [.. Enumerable.Range(0, count).Select(_ => backoff.Next().TotalSeconds)];

    /// <summary>Always draws the same number.</summary>
    private sealed class Constant(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
