using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Tags;

namespace SpeedData.Tests.Tags;

/// <summary>Tags that rules start and stop.</summary>
public sealed class AutoTagTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly ArchiveOptions FastRotation = new() { RotateEvery = TimeSpan.FromSeconds(3), RetainBytes = 3000 };

    [Test]
    public void A_tag_covers_the_time_of_its_condition_and_the_configured_time_around_it()
    {
        using var bench = new TagBench(FastRotation, Rules("run-{n}", "engine.state == RUNNING", before: 4, after: 2));
        bench.Pass(20 * Second, Second);
        long first = bench.SentNs.Count;
        bench.Pass(15 * Second, Second, isRunning: true);
        long end = bench.SentNs.Count;
        bench.Pass(40 * Second, Second);

        Tag tag = bench.Desk.List().Single().Tag;
        Assert.Multiple(() =>
        {
            Assert.That(tag.Name, Is.EqualTo("run-1"));
            Assert.That(tag.FromNs, Is.EqualTo(bench.SentNs[(int)first] - 4_000_000_000));
            Assert.That(tag.ToNs, Is.EqualTo(bench.SentNs[(int)end] + 2_000_000_000));
            Assert.That(KeptBy(bench, "run-1"), Is.SupersetOf(Wanted(bench, tag)));
        });
    }

    [Test]
    public void A_condition_with_a_minimum_duration_starts_the_tag_when_it_began_to_hold()
    {
        using var bench = new TagBench(FastRotation, Rules("fast-{n}", "engine.rpm > 500 for 5 s"));
        bench.Pass(5 * Second, Second);
        bench.Pass(3 * Second, Second, rpm: 600);
        bench.Pass(5 * Second, Second, rpm: 500);
        int first = bench.SentNs.Count;
        bench.Pass(10 * Second, Second, rpm: 501);
        bench.Pass(5 * Second, Second);

        Tag tag = bench.Desk.List().Single().Tag;
        Assert.That((tag.FromNs, tag.ToNs), Is.EqualTo((bench.SentNs[first], bench.SentNs[first + 10])));
    }

    [Test]
    public void The_tag_of_a_silent_device_ends_with_its_last_record()
    {
        using var bench = new TagBench(FastRotation, Rules("run-{n}", "engine.state == RUNNING"));
        bench.Pass(10 * Second, Second, isRunning: true);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        bench.Look();

        Assert.That(bench.Desk.List().Single().Tag.ToNs, Is.EqualTo(bench.SentNs[^1] + 1));
    }

    [Test]
    public void After_a_restart_the_open_tag_continues()
    {
        using var bench = new TagBench(FastRotation, Rules("run-{n}", "engine.state == RUNNING"));
        bench.Pass(10 * Second, Second, isRunning: true);
        bench.RestartKeeper();
        bench.Pass(10 * Second, Second, isRunning: true);
        bench.Pass(3 * Second, Second);

        Tag tag = bench.Desk.List().Single().Tag;
        Assert.That((tag.FromNs, tag.ToNs), Is.EqualTo((bench.SentNs[0], bench.SentNs[20])));
    }

    [TestCase("engine.state == RUNNING", "engine.state", TagOperator.Is, "RUNNING", 0)]
    [TestCase("engine.rpm > 500 for 2 s", "engine.rpm", TagOperator.Greater, "500", 2)]
    [TestCase("engine.left.rpm<=-1.5", "engine.left.rpm", TagOperator.LessOrEqual, "-1.5", 0)]
    [TestCase("engine.name != \"a b\" for 100 ms", "engine.name", TagOperator.IsNot, "a b", 0.1)]
    public void Conditions_are_parsed(string text, string signal, TagOperator by, string value, double seconds)
    {
        TagCondition condition = ConditionText.Parse(text).Value!;
        Assert.That((condition.Signal, condition.Operator, condition.Value, condition.For.TotalSeconds), Is.EqualTo((signal, by, value, seconds)));
    }

    [TestCase("engine")]
    [TestCase("engine.state RUNNING")]
    [TestCase("engine.state > RUNNING")]
    [TestCase("engine.rpm > 500 for ever")]
    [TestCase("rpm > 5")]
    [TestCase("engine.rpm > NaN")]
    [TestCase("engine.rpm == nan")]
    [TestCase("((((engine.rpm > 5))))")]
    public void An_invalid_condition_is_refused(string text) => Assert.That(ConditionText.Parse(text).IsValid, Is.False);

    [Test]
    public void A_condition_that_is_far_too_long_is_refused() =>
        Assert.That(ConditionText.Parse("engine.rpm > 5 for " + new string(' ', 1_000_000) + "s" + new string(' ', 1_000_000) + "x").IsValid, Is.False);

    [TestCase("engine.state == RUNING", "IDLE, RUNNING")]
    [TestCase("engine.state > 5", "compare it with == or !=")]
    [TestCase("engine.rpm == fast", "but 'fast' is not")]
    [TestCase("engine.speed > 5", "speed")]
    public void A_rule_that_can_never_apply_reports_why_and_keeps_no_file_from_retention(string when, string why)
    {
        using var bench = new TagBench(FastRotation, Rules("run-{n}", when));
        bench.Pass(60 * Second, Second, rpm: 600, isRunning: true);
        Assert.Multiple(() =>
        {
            Assert.That(bench.Keeper.AutoFaults.Single().Why, Does.Contain(why));
            Assert.That(bench.Desk.List(), Is.Empty);
            Assert.That(bench.Folder.Listing.Totals.Bytes, Is.LessThanOrEqualTo(3000));
        });
    }

    [Test]
    public void A_clock_that_was_ahead_does_not_delay_a_rule()
    {
        using var bench = new TagBench(FastRotation, Rules("run-{n}", "engine.state == RUNNING"));
        bench.Pass(5 * Second, Second);
        bench.Time.Offset = TimeSpan.FromDays(30);
        bench.Pass(10 * Second, Second);
        bench.Time.Offset = TimeSpan.Zero;
        bench.RestartKeeper();
        bench.Pass(5 * Second, Second, isRunning: true);
        Assert.That(bench.Desk.List().Select(report => report.Tag.Name), Is.EqualTo(["run-1"]));
    }

    [Test]
    public void A_name_that_is_taken_gets_the_next_number()
    {
        using var bench = new TagBench(FastRotation, Rules("run-{n}", "engine.state == RUNNING"));
        bench.Pass(2 * Second, Second);
        foreach (string name in (string[])["run-999999999", "RUN-1000000000"])
            bench.Desk.Add(new Tag(name, bench.NowNs, bench.NowNs + 1));
        bench.Pass(2 * Second, Second, isRunning: true);
        Assert.That(bench.Desk.List().Select(report => report.Tag.Name), Has.Member("run-1000000001"));
    }

    private static TagsOptions Rules(string name, string when, double before = 0, double after = 0) => new()
    {
        MaxBytes = TagLimit.None,
        Auto = [new AutoTagOptions(name, ConditionText.Parse(when).Value!) { Before = TimeSpan.FromSeconds(before), After = TimeSpan.FromSeconds(after) }],
    };

    private static IEnumerable<long> Wanted(TagBench bench, Tag tag) =>
        Enumerable.Range(0, bench.SentNs.Count).Where(i => tag.Holds(bench.SentNs[i])).Select(i => (long)i);

    private static SortedSet<long> KeptBy(TagBench bench, string tag) => TagBench.SequencesIn(Path.Combine(bench.Root, ".tags", tag));
}
