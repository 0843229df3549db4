using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Tags;

namespace SpeedData.Tests.Tags;

/// <summary>An hour with thirty runs, a file every few seconds, and a quota that is smaller than one run.</summary>
public sealed class ThirtyRunsTests
{
    private const int Runs = 30;

    private const long Quota = 4000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(false)]
    [TestCase(true)]
    public void Every_tagged_record_is_kept_and_untagged_files_stay_within_the_quota(bool byRule)
    {
        var options = new ArchiveOptions { RotateEvery = TimeSpan.FromSeconds(5), RetainBytes = Quota };
        var tags = new TagsOptions
        {
            MaxBytes = TagLimit.None,
            Auto = byRule ? [new AutoTagOptions("run-{n}", ConditionText.Parse("engine.rpm > 500 for 2 s").Value!) { Before = 3 * Second, After = 2 * Second }] : [],
        };
        using var bench = new TagBench(options, tags);
        for (int run = 1; run <= Runs; run++)
        {
            bench.Pass(60 * Second, Second);
            if (!byRule)
                bench.Desk.Add(new Tag($"run-{run}", bench.NowNs - 3_000_000_000, null));
            bench.Pass(60 * Second, Second, rpm: 1000);
            if (!byRule)
                bench.Desk.Stop(null, bench.NowNs + 1);
        }

        bench.Pass(60 * Second, Second);
        bench.Finish();
        bench.Look();
        TagReport[] reports = [.. bench.Desk.List()];
        Assert.That(reports.Select(report => report.Tag.Name), Is.EqualTo(Enumerable.Range(1, Runs).Select(run => $"run-{run}")));
        foreach (TagReport report in reports)
        {
            long[] wanted = [.. Enumerable.Range(0, bench.SentNs.Count).Where(i => report.Tag.Holds(bench.SentNs[i])).Select(i => (long)i)];
            SortedSet<long> kept = TagBench.SequencesIn(Path.Combine(bench.Root, ".tags", report.Tag.Name));
            Assert.That(wanted, Has.Length.GreaterThan(59));
            Assert.That(wanted.Except(kept), Is.Empty, report.Tag.Name);
            Assert.That(report.Missing, Is.Empty, report.Tag.Name);
        }

        Assert.Multiple(() =>
        {
            Assert.That(bench.Folder.Listing.Totals.Bytes, Is.LessThanOrEqualTo(Quota), "untagged files stay within the quota");
            Assert.That(TagBench.SequencesIn(bench.Folder.Path).Min, Is.GreaterThan(bench.SentNs.Count - 60), "untagged files are the newest");
        });
    }
}
