using SpeedData.Core.Archive.Index;
using SpeedData.Core.Inspect;

namespace SpeedData.Tests.Inspect;

public sealed class ChannelTrackTests
{
    [Test]
    public void Drops_between_two_blocks_are_the_difference_of_each_reason()
    {
        var track = new ChannelTrack(counter: null);
        track.DropsUpTo(Entry(ordinal: 0, new IndexDrops(1, 2, 3, 4, 5, 6)));
        IndexDrops since = track.DropsUpTo(Entry(ordinal: 10, new IndexDrops(11, 22, 33, 44, 55, 66)));
        Assert.That(since, Is.EqualTo(new IndexDrops(10, 20, 30, 40, 50, 60)));
    }

    [Test]
    public void Sums_add_each_reason()
    {
        IndexDrops sum = ChannelTrack.Plus(new IndexDrops(1, 2, 3, 4, 5, 6), new IndexDrops(10, 20, 30, 40, 50, 60));
        Assert.That(sum, Is.EqualTo(new IndexDrops(11, 22, 33, 44, 55, 66)));
    }

    [Test]
    public void Drops_of_a_new_process_start_from_zero()
    {
        var track = new ChannelTrack(counter: null);
        track.DropsUpTo(Entry(ordinal: 100, new IndexDrops(9, 9, 9, 9, 9, 9)));
        IndexDrops since = track.DropsUpTo(Entry(ordinal: 0, new IndexDrops(1, 2, 3, 4, 5, 6)));
        Assert.That(since, Is.EqualTo(new IndexDrops(1, 2, 3, 4, 5, 6)));
    }

    private static IndexEntry Entry(long ordinal, IndexDrops dropped) => new() { Ordinal = ordinal, Dropped = dropped };
}
