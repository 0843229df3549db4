using SpeedData.Core.Configuration;
using SpeedData.Core.Tags;

namespace SpeedData.Tests.Tags;

/// <summary>Tags that are started, stopped and grow while a channel records.</summary>
public sealed class TagGrowthTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly ArchiveOptions FastRotation = new() { RotateEvery = TimeSpan.FromSeconds(3), RetainBytes = 3000 };

    [Test]
    public void An_open_tag_keeps_what_is_recorded_while_retention_deletes_everything_else()
    {
        using var bench = new TagBench(FastRotation);
        bench.Pass(30 * Second, Second);
        long from = bench.NowNs;
        bench.Desk.Add(new Tag("run-1", from, null));
        bench.Pass(60 * Second, Second);
        TagReport stopped = bench.Desk.Stop("run-1", bench.NowNs);
        bench.Pass(60 * Second, Second);

        long[] wanted = [.. Enumerable.Range(0, bench.SentNs.Count).Where(i => bench.SentNs[i] >= from && bench.SentNs[i] < stopped.Tag.ToNs).Select(i => (long)i)];
        SortedSet<long> kept = TagBench.SequencesIn(Path.Combine(bench.Root, ".tags", "run-1", TagBench.Channel)), left = TagBench.SequencesIn(bench.Folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(wanted, Has.Length.GreaterThan(55));
            Assert.That(wanted.Except(kept), Is.Empty, "every tagged record is kept");
            Assert.That(left.Intersect(wanted), Is.Empty, "retention has deleted it from the channel's folder");
            Assert.That(kept.Count, Is.LessThan(wanted.Length + 8), "only archives that overlap the tag are kept");
        });
    }
}
