namespace SpeedData.Bench.Picture;

/// <summary>
/// One second of a signal at 5,000 samples a second that shows what decimation does to it: a slow sine, a faster one whose
/// period is nearly a window, and a spike of one sample.
/// </summary>
internal static class SampleSignal
{
    public const int PerSecond = 5_000, Factor = 50;

    private const int Spike = 3_117;

    // With a frequency of 102 per second, the phase advances by 1.02 periods in 50 samples. So every 50th sample shows a wave of 2 per
    // second.
    public static double[] Samples() =>
        [.. Enumerable.Range(0, PerSecond).Select(i => (2 * Wave(i, 3)) + Wave(i, 102) + (i == Spike ? 6 : 0))];

    private static double Wave(int sample, double perSecond) => Math.Sin(2 * Math.PI * perSecond * sample / PerSecond);
}
