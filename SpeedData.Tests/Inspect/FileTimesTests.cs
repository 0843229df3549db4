using SpeedData.Core.Inspect;

namespace SpeedData.Tests.Inspect;

/// <summary>Gaps between the files of a channel, and a time field in the wrong unit.</summary>
public sealed class FileTimesTests
{
    private const long Second = 1_000_000_000, Begin = 1_795_600_000 * Second;

    private static FileReport Report(long first, long last, long records, long? ordinal, long? device = null) => new("f.avro", FileRole.Archive)
    {
        ReceivedFirstNs = first,
        ReceivedLastNs = last,
        Records = records,
        FirstOrdinal = ordinal,
        DeviceFirstNs = device,
        TimeUnitNs = 1,
    };

    [Test]
    public void A_restart_that_took_two_seconds_is_reported()
    {
        var times = new FileTimes();
        times.Follow(Report(Begin, Begin + (10 * Second), 1001, 0));
        FileReport next = Report(Begin + (12 * Second), Begin + (20 * Second), 801, 0);
        times.Follow(next);
        Assert.That(next.Warnings.Listed.Single(), Has.Property("Kind").EqualTo(FindingKind.TimeHole).And.Property("Detail").Contains("2 s").And.Property("Detail").Contains("restarted"));
    }

    [Test]
    public void A_rotation_without_a_pause_is_no_gap()
    {
        var times = new FileTimes();
        times.Follow(Report(Begin, Begin + (10 * Second), 1001, 0));
        FileReport next = Report(Begin + (10 * Second) + 10_000_000, Begin + (20 * Second), 1000, 1001);
        times.Follow(next);
        Assert.That(next.Warnings.Total, Is.Zero);
    }

    [Test]
    public void Milliseconds_taken_for_nanoseconds_are_recognised()
    {
        FileReport report = Report(Begin, Begin + Second, 100, 0, device: Begin / 1_000_000);
        new FileTimes().Follow(report);
        Assert.That(report.Warnings.Listed.Single(), Has.Property("Kind").EqualTo(FindingKind.TimeUnit).And.Property("Detail").Contains("the unit ms would fit"));
    }

    [Test]
    public void A_time_field_in_the_right_unit_causes_no_warning()
    {
        FileReport report = Report(Begin, Begin + Second, 100, 0, device: Begin - Second);
        new FileTimes().Follow(report);
        Assert.That(report.Warnings.Total, Is.Zero);
    }
}
