using SpeedData.Core.Reading;

namespace SpeedData.Tests.Reading;

/// <summary>Moments in the notations that people use.</summary>
public sealed class MomentTextTests
{
    private static readonly TimeZoneInfo East = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), null, null);

    private static readonly DateTimeOffset Now = new(2026, 11, 26, 23, 30, 0, TimeSpan.Zero);

    [TestCase("2026-11-26T14:02:10Z", "2026-11-26T14:02:10.000000000Z")]
    [TestCase("2026-11-26t14:02:10z", "2026-11-26T14:02:10.000000000Z")]
    [TestCase("2026-11-26 14:02:10.5+02:00", "2026-11-26T12:02:10.500000000Z")]
    [TestCase("2026-11-26T14:02:10", "2026-11-26T12:02:10.000000000Z")]
    [TestCase("20261126T140210Z", "2026-11-26T14:02:10.000000000Z", Description = "the id of a run")]
    [TestCase("20261126T140210.25+0200", "2026-11-26T12:02:10.250000000Z")]
    [TestCase("01:02:10", "2026-11-26T23:02:10.000000000Z", Description = "today is tomorrow in the east")]
    [TestCase("01:02:10Z", "2026-11-26T01:02:10.000000000Z")]
    [TestCase("-10min", "2026-11-26T23:20:00.000000000Z")]
    [TestCase("1795700000000000001", "2026-11-26T13:33:20.000000001Z")]
    public void A_moment_is_parsed_in_every_common_notation(string text, string expected) =>
        Assert.That(TimeText.Of(new MomentText(Now, East).Parse("--from", text)), Is.EqualTo(expected));

    [TestCase("+0s", 0)]
    [TestCase("+1.5s", 1.5)]
    [TestCase("-0s", 60)]
    [TestCase("-10s", 50)]
    public void Within_a_run_moments_count_from_its_start_or_end(string text, double seconds)
    {
        var run = new TimeRange(1_000_000_000, 61_000_000_000);
        Assert.That(new MomentText(Now, East, run).Parse("--from", text), Is.EqualTo(1_000_000_000 + (long)(seconds * 1e9)));
    }

    [TestCase("14:02:10")]
    [TestCase("2026-11-26T14:02:10")]
    [TestCase("20261126T140210")]
    public void Without_a_local_time_zone_a_moment_needs_an_explicit_one(string text) =>
        Assert.That(() => new MomentText(Now, null).Parse("from", text), Throws.TypeOf<ReadingException>().With.Message.Contains("add Z"));
}
