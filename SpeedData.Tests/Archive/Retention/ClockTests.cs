using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive.Retention;

/// <summary>Whatever the wall clock does, retention deletes nothing too early.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1), HalfAYear = TimeSpan.FromDays(183);
    private static readonly DateTimeOffset Start = RetentionBench.Start;
    private static readonly ArchiveOptions ThirtyDays = new() { RetainFor = 30 * Day };

    [Test]
    public void The_clock_jumps_half_a_year_ahead_and_back_and_nothing_is_lost()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        channel.Find(Start - (2 * Day));
        channel.Find(Start - Hour);
        bench.Pass(2 * Hour);
        channel.Finish();
        bench.Time.Offset = HalfAYear;
        bench.Pass(Day);
        channel.Finish();
        bench.Time.Offset = TimeSpan.Zero;
        bench.Pass(Day);
        channel.Finish();
        bench.Pass(25 * Day, TimeSpan.FromMinutes(10));
        int kept = channel.Finished.Count();
        bench.Pass(5 * Day, TimeSpan.FromMinutes(10));

        Assert.Multiple(() =>
        {
            Assert.That(kept, Is.EqualTo(5));
            Assert.That(channel.Finished.Count(), Is.EqualTo(1), "the files are deleted at their age limit");
        });
    }

    [Test]
    public void The_process_starts_while_the_clock_is_half_a_year_ahead_and_nothing_is_lost()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        for (int day = 25; day > 0; day--)
            channel.Find(Start - (day * Day));
        bench.Time.Offset = HalfAYear;
        bench.Restart();
        channel.Finish();
        bench.Pass(4 * Day);
        bench.Time.Offset = TimeSpan.Zero;
        bench.Restart();
        bench.Pass(2 * Hour);

        Assert.That(channel.Finished.Count(), Is.EqualTo(26));
    }

    [Test]
    public void A_machine_without_a_clock_starts_in_1970_and_nothing_is_lost()
    {
        using var bench = new RetentionBench(DateTimeOffset.UnixEpoch + Hour);
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        channel.Finish();
        bench.Pass(Hour);
        channel.Finish();
        bench.Time.SetWall(Start);
        bench.Pass(Day);
        channel.Finish();
        bench.Pass(28 * Day, TimeSpan.FromMinutes(10));
        int kept = channel.Finished.Count();
        bench.Restart();
        bench.Pass(Day);

        Assert.That((kept, channel.Finished.Count()), Is.EqualTo((3, 3)));
    }

    [Test]
    public void A_recording_from_1970_that_follows_an_old_recording_is_not_deleted_as_old()
    {
        using var bench = new RetentionBench(DateTimeOffset.UnixEpoch + Hour);
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        channel.Find(Start - HalfAYear);
        string today = channel.Finish();
        string newest = channel.Finish();
        bench.Time.SetWall(Start);
        bench.Restart();
        bench.Pass(3 * Hour);

        Assert.Multiple(() =>
        {
            Assert.That(today, Does.StartWith("alpha-2025"), "its name is a microsecond after its predecessor's");
            Assert.That(channel.Finished.ToArray(), Does.Contain(today).And.Contain(newest));
        });
    }

    [Test]
    public void Files_of_other_writers_age_by_their_own_time_once_the_clock_has_run_for_an_hour()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        string old = channel.Find(Start - (40 * Day));
        string young = channel.Find(Start - (20 * Day));
        string newest = channel.Find(Start - Hour);
        bench.Pass(Hour - TimeSpan.FromMinutes(1));
        string[] within = [.. channel.Finished];
        bench.Pass(TimeSpan.FromMinutes(3));

        Assert.Multiple(() =>
        {
            Assert.That(within, Does.Contain(old));
            Assert.That(channel.Finished, Is.EqualTo([young, newest]));
            Assert.That(channel.Deleted, Is.EqualTo((1, 0, 0)));
        });
    }

    [Test]
    public void The_last_write_time_counts_if_it_is_later_than_the_time_in_the_name()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        string restored = channel.Find(Start - (400 * Day), modified: Start - (2 * Day));
        channel.Find(Start - Hour);
        bench.Pass(2 * Day);

        Assert.That(channel.Finished, Does.Contain(restored));
    }

    [Test]
    public void Other_channels_show_that_time_has_passed()
    {
        using var bench = new RetentionBench();
        BenchChannel silent = bench.Add("silent", ThirtyDays), busy = bench.Add("busy", ThirtyDays);
        silent.Find(Start - (90 * Day));
        string newest = silent.Find(Start - (89 * Day));
        busy.Find(Start - Hour);
        bench.Pass(2 * Hour);

        Assert.That(silent.Finished, Is.EqualTo([newest]));
    }

    [Test]
    public void The_time_while_the_recorder_was_off_is_not_trusted_without_further_evidence()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        string last = channel.Find(Start - (90 * Day));
        channel.Find(Start - (89 * Day));
        bench.Pass(Day);
        string[] atFirst = [.. channel.Finished];
        channel.Finish();
        bench.Restart();
        bench.Pass(2 * Hour);

        Assert.Multiple(() =>
        {
            Assert.That(atFirst, Does.Contain(last));
            Assert.That(channel.Finished.Count(), Is.EqualTo(1), "today's recording is evidence for the next process");
        });
    }

    [Test]
    public void A_corrected_clock_is_trusted_after_an_hour()
    {
        using var bench = new RetentionBench(DateTimeOffset.UnixEpoch);
        BenchChannel channel = bench.Add(limits: ThirtyDays);
        string old = channel.Find(Start - (40 * Day));
        channel.Find(Start - Hour);
        bench.Pass(3 * Hour);
        bench.Time.SetWall(Start);
        bench.Pass(Hour - TimeSpan.FromMinutes(1));
        string[] within = [.. channel.Finished];
        bench.Pass(TimeSpan.FromMinutes(3));

        Assert.Multiple(() =>
        {
            Assert.That(within, Does.Contain(old));
            Assert.That(channel.Finished.Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public void A_file_from_the_future_ages_from_when_it_was_first_seen()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainFor = Day });
        string future = channel.Find(Start + HalfAYear);
        channel.Find(Start + HalfAYear + Hour);
        bench.Look();
        bench.Pass(Day - TimeSpan.FromMinutes(1));
        string[] within = [.. channel.Finished];
        bench.Pass(TimeSpan.FromMinutes(3));

        Assert.Multiple(() =>
        {
            Assert.That(within, Does.Contain(future));
            Assert.That(channel.Finished.ToArray(), Has.Length.EqualTo(1).And.None.EqualTo(future));
        });
    }

    [Test]
    public void After_a_jump_a_clock_is_trusted_only_for_the_time_that_it_has_run()
    {
        var time = new Support.JumpingTime(Start);
        var clock = new ClockWatch(time);
        Run(59);
        bool early = clock.IsTrustedFor(Day);
        Run(1);
        bool settled = clock.IsTrustedFor(Day);
        time.Offset = TimeSpan.FromSeconds(5);
        Run(1);
        bool afterFiveSeconds = clock.IsTrustedFor(Day);
        time.Offset -= TimeSpan.FromSeconds(6);
        Run(59);
        bool soonAfterAJump = clock.IsTrustedFor(TimeSpan.FromSeconds(1));
        Run(2);
        (bool, bool) anHourAfter = (clock.IsTrustedFor(Hour), clock.IsTrustedFor(Day));
        Run(23 * 60);

        Assert.Multiple(() =>
        {
            Assert.That((early, settled, afterFiveSeconds), Is.EqualTo((false, true, true)));
            Assert.That(soonAfterAJump, Is.False);
            Assert.That(anHourAfter, Is.EqualTo((true, false)));
            Assert.That(clock.IsTrustedFor(Day), Is.True);
        });

        void Run(int minutes)
        {
            for (int i = 0; i < minutes * 60; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                clock.Look();
            }
        }
    }

    [Test]
    public void A_clock_that_falls_to_1970_and_returns_to_a_wrong_time_counts_as_a_jump()
    {
        var time = new Support.JumpingTime(Start);
        var clock = new ClockWatch(time);
        Run(Day);
        time.SetWall(DateTimeOffset.UnixEpoch);
        Run(Hour);
        bool in1970 = clock.IsTrustedFor(TimeSpan.FromSeconds(1));
        time.SetWall(Start + HalfAYear);
        Run(2 * Hour);

        Assert.That((in1970, clock.IsTrustedFor(30 * Day), clock.IsTrustedFor(Hour)), Is.EqualTo((false, false, true)));

        void Run(TimeSpan span)
        {
            for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMinutes(1))
            {
                time.Advance(TimeSpan.FromMinutes(1));
                clock.Look();
            }
        }
    }

    [Test]
    public void The_quota_deletes_in_the_order_of_recording_whatever_the_clock_showed()
    {
        using var bench = new RetentionBench(DateTimeOffset.UnixEpoch + Hour);
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 300 });
        var recorded = new List<string>();
        foreach (DateTimeOffset wall in (DateTimeOffset[])[DateTimeOffset.UnixEpoch + Hour, Start, Start + HalfAYear, Start + Day, DateTimeOffset.UnixEpoch, Start + (2 * Day)])
        {
            bench.Time.SetWall(wall);
            recorded.Add(channel.Finish());
            recorded.Add(channel.Finish());
            bench.Restart();
            Assert.That(channel.Finished, Is.EqualTo(recorded.TakeLast(3)));
        }

        Assert.That(bench.Disk.Deleted.Where(file => file.EndsWith(".avro", StringComparison.Ordinal)), Is.EqualTo(recorded.SkipLast(3)));
    }
}
