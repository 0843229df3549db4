using SpeedData.Core.Archive.Index;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Runs;

/// <summary>Determines when a channel sent, from its indexes, or from the blocks of files without an index. One thread.</summary>
public sealed class ChannelActivity
{
    private const int MostGaps = 10_000, SampledFiles = 16, SampledBlocks = 512;
    private const long LeastPauseNs = 5_000_000_000, PauseIntervals = 10;

    private readonly SchemaCache _schemas = new();
    private readonly List<Stretch> _stretches = [];
    private long? _lastNs;

    private ChannelActivity(string name) => Name = name;

    public string Name { get; }

    /// <summary>The longest silence within a stretch.</summary>
    public long PauseNs { get; private set; }

    public IReadOnlyList<Stretch> Stretches => _stretches;

    /// <param name="channel">The channel.</param>
    /// <param name="pauseNs">The longest silence within a stretch; null: the greater of 5 s and ten median intervals.</param>
    /// <param name="stop">Cancels the reading.</param>
    public static ChannelActivity Of(RecordedChannel channel, long? pauseNs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var activity = new ChannelActivity(channel.Name);
        activity.PauseNs = pauseNs ?? Math.Max(LeastPauseNs, PauseIntervals * activity.MedianInterval(channel.Files, stop));
        var order = new BlockOrder(channel.Files, activity._schemas, stop);
        while (order.MoveNext())
            activity.Add(order);
        return activity;
    }

    private void Add(BlockOrder order)
    {
        (BlockTimes block, BlockTimes? before) = (order.Current, order.Before);
        bool isRestart = before is { } last && IsRestart(last, block);
        bool isNew = _lastNs is not { } earlier || block.First - earlier > PauseNs || block.First < _stretches[^1].FromNs;
        if (isNew)
            _stretches.Add(new Stretch { FromNs = block.First, IsAfterRestart = isRestart });
        Stretch stretch = _stretches[^1];
        if (!isNew && isRestart)
            AddGap(stretch, new Gap(before!.Value.Last, block.First, null, "restart"));
        foreach (Gap loss in block.Losses(isNew ? null : before?.Last, WhyOf(before, block)))
            AddGap(stretch, loss);
        stretch.Add(block, order.File.File, order.File.Layout?.Root.FullName);
        _lastNs = order.IsMerged ? Math.Max(block.Last, _lastNs ?? block.Last) : block.Last;
    }

    /// <summary>Returns the median interval between records, from samples of some files.</summary>
    private long MedianInterval(IReadOnlyList<ListedFile> files, CancellationToken stop)
    {
        var intervals = new List<long>();
        int step = Math.Max(1, files.Count / SampledFiles);
        for (int i = 0; i < files.Count; i += step)
        {
            using OpenArchive? file = OpenArchive.TryOpen(files[i], _schemas, out _, 64 << 10);
            if (file is not null)
                Sample(file, intervals, stop);
        }

        intervals.Sort();
        return intervals.Count == 0 ? 0 : Math.Min(intervals[intervals.Count / 2], long.MaxValue / (2 * PauseIntervals));
    }

    private static void Sample(OpenArchive file, List<long> intervals, CancellationToken stop)
    {
        try
        {
            BlockTimes? before = null;
            foreach (BlockTimes block in BlockTimes.Of(file, stop).Take(SampledBlocks))
            {
                if (before is { } earlier && block.First >= earlier.First)
                    intervals.Add((block.First - earlier.First) / Math.Max(1, earlier.Records));
                before = block;
            }
        }
        catch (IOException)
        {
            // The other samples are enough.
        }
    }

    private static void AddGap(Stretch stretch, Gap gap)
    {
        if (stretch.Gaps.Count < MostGaps)
            stretch.Gaps.Add(gap);
    }

    private static bool IsRestart(in BlockTimes before, in BlockTimes block) =>
        before.Ordinal is { } earlier && block.Ordinal is { } now && now < earlier + before.Records;

    private static string WhyOf(in BlockTimes? before, in BlockTimes block)
    {
        if (block.Entry is not { Dropped: { } now })
            return "lost";
        IndexDrops then = before?.Entry is { Dropped: { } dropped } && dropped.Total <= now.Total ? dropped : default;
        return now.Kernel > then.Kernel ? "kernel" : now.RingFull > then.RingFull ? "ring_full" : now.Disk > then.Disk ? "disk" : now.Fault > then.Fault ? "fault" : "lost";
    }
}
