using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Runs;

/// <summary>Something that is missing from what a channel sent.</summary>
/// <param name="FromNs">The last record before it.</param>
/// <param name="ToNs">The first after it.</param>
/// <param name="Lost">Datagrams; null where they cannot be known.</param>
/// <param name="Why"><c>kernel</c>, <c>ring_full</c>, <c>disk</c>, <c>fault</c>, <c>lost</c>: dropped here; <c>restart</c>: nobody received; <c>pause</c>: nothing came.</param>
public sealed record Gap(long FromNs, long ToNs, long? Lost, string Why);

/// <summary>A stretch in which a channel sent without a pause.</summary>
public sealed class Stretch
{
    public required long FromNs { get; init; }

    public long ToNs { get; internal set; }

    public long Records { get; internal set; }

    public long Bytes { get; internal set; }

    public long Lost { get; internal set; }

    /// <summary>The first some thousand.</summary>
    public List<Gap> Gaps { get; } = [];

    public List<string> Files { get; } = [];

    public string? Schema { get; internal set; }

    public bool IsOpen { get; internal set; }

    /// <summary>Whether the recorder was started anew since the stretch before.</summary>
    public bool IsAfterRestart { get; init; }
}

/// <summary>When a channel sent, from its indexes, or from the blocks themselves where there is none. One thread.</summary>
public sealed class ChannelActivity
{
    private const int MostGaps = 10_000, MostIntervals = 4096;
    private const long LeastPauseNs = 5_000_000_000, PauseIntervals = 10;

    private readonly List<BlockTimes> _blocks = [];
    private readonly SchemaCache _schemas = new();

    private ChannelActivity(string name) => Name = name;

    public string Name { get; }

    /// <summary>How long the channel may be silent within a stretch.</summary>
    public long PauseNs { get; private set; }

    public IReadOnlyList<Stretch> Stretches { get; private set; } = [];

    /// <param name="channel">What was recorded.</param>
    /// <param name="pauseNs">The longest silence within a stretch; null: the greater of 5 s and ten median intervals.</param>
    /// <param name="stop">Ends it.</param>
    public static ChannelActivity Of(RecordedChannel channel, long? pauseNs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var activity = new ChannelActivity(channel.Name);
        foreach (ListedFile file in channel.Files)
            activity.Add(file, stop);
        activity.PauseNs = pauseNs ?? Math.Max(LeastPauseNs, PauseIntervals * activity.MedianInterval());
        activity.Stretches = activity.Cut();
        return activity;
    }

    private void Add(ListedFile listed, CancellationToken stop)
    {
        using OpenArchive? file = OpenArchive.TryOpen(listed, _schemas, out _, 64 << 10);
        if (file is null)
            return;
        try
        {
            var info = new FileInfoOf(file.File.Name, file.Layout?.Root.FullName, file.File.IsPart);
            using var blocks = new FileBlocks(file, default, stop);
            DeviceTimesOf? device = null;
            while (blocks.MoveNext())
            {
                IndexedBlock block = blocks.Current;
                long bytes = block.Frame.End - block.Frame.Offset;
                if (block.Entry is { ReceivedFirstNs: { } first, ReceivedLastNs: { } last } entry)
                    AddIndexed(info, entry, first, last, bytes);
                else if ((device ??= new DeviceTimesOf(file)).Of(block.Frame) is { } span)
                    _blocks.Add(new BlockTimes(info, span.First, span.Last, block.Frame.Records, bytes, block.Entry?.Ordinal, block.Entry?.Lost ?? 0, null, []));
            }
        }
        catch (IOException)
        {
            // Of a file that cannot be read to its end, what was read counts.
        }
    }

    private void AddIndexed(FileInfoOf info, IndexEntry entry, long first, long last, long bytes)
    {
        List<Gap> losses = [];
        long before = first;
        foreach (IndexBurst burst in entry.Bursts)
        {
            if (burst.LostBefore > 0 && losses.Count < MostGaps)
                losses.Add(new Gap(before, burst.ReceivedNs, burst.LostBefore, ""));
            before = burst.ReceivedNs;
        }

        if (!entry.HasBursts && entry.Lost > 0)
            losses.Add(new Gap(first, last, entry.Lost, ""));
        _blocks.Add(new BlockTimes(info, first, last, entry.Records, bytes, entry.Ordinal, entry.Lost ?? 0, entry.Dropped, losses));
    }

    private long MedianInterval()
    {
        var intervals = new List<long>();
        int step = Math.Max(1, _blocks.Count / MostIntervals);
        for (int i = 0; i + 1 < _blocks.Count; i += step)
        {
            long records = Math.Max(1, _blocks[i].Records);
            if (_blocks[i + 1].First >= _blocks[i].First)
                intervals.Add((_blocks[i + 1].First - _blocks[i].First) / records);
        }

        intervals.Sort();
        return intervals.Count == 0 ? 0 : Math.Min(intervals[intervals.Count / 2], long.MaxValue / (2 * PauseIntervals));
    }

    private List<Stretch> Cut()
    {
        var stretches = new List<Stretch>();
        BlockTimes? before = null;
        foreach (BlockTimes block in _blocks)
        {
            bool isNew = before is not { } earlier || block.First - earlier.Last > PauseNs || block.First < stretches[^1].FromNs;
            if (isNew)
                stretches.Add(new Stretch { FromNs = block.First, IsAfterRestart = before is { } last && IsRestart(last, block) });
            Stretch stretch = stretches[^1];
            if (!isNew && IsRestart(before!.Value, block))
                AddGap(stretch, new Gap(before.Value.Last, block.First, null, "restart"));
            foreach (Gap loss in block.Losses)
                AddGap(stretch, loss with { FromNs = loss == block.Losses[0] && !isNew && loss.FromNs == block.First ? before!.Value.Last : loss.FromNs, Why = WhyOf(before, block) });
            stretch.ToNs = Math.Max(stretch.ToNs, block.Last);
            stretch.Records += block.Records;
            stretch.Bytes += block.Bytes;
            stretch.Lost += block.Lost;
            stretch.Schema = block.File.Schema;
            stretch.IsOpen = block.File.IsPart;
            if (stretch.Files.Count == 0 || stretch.Files[^1] != block.File.Name)
                stretch.Files.Add(block.File.Name);
            before = block;
        }

        return stretches;
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
        if (block.Dropped is not { } now)
            return "lost";
        IndexDrops then = before is { Dropped: { } dropped } && dropped.Total <= now.Total ? dropped : default;
        return now.Kernel > then.Kernel ? "kernel" : now.RingFull > then.RingFull ? "ring_full" : now.Disk > then.Disk ? "disk" : now.Fault > then.Fault ? "fault" : "lost";
    }

    private sealed record FileInfoOf(string Name, string? Schema, bool IsPart);

    private readonly record struct BlockTimes(FileInfoOf File, long First, long Last, long Records, long Bytes, long? Ordinal, long Lost, IndexDrops? Dropped, List<Gap> Losses);

    /// <summary>Device times of blocks that no index describes.</summary>
    private sealed class DeviceTimesOf(OpenArchive file)
    {
        private readonly BlockDecoder? _decoder = BlockDecoder.For(file.Reader.Header.Codec);

        public (long First, long Last)? Of(in BlockFrame frame)
        {
            if (file.Layout is not { } layout || file.Time is not { } time || _decoder is null || frame.Records < 1
                || _decoder.Decode(file.Reader.Data(frame), out ReadOnlySpan<byte> decoded) != DecodeOutcome.Whole)
                return null;
            RecordCount count = RecordCount.Of(layout, decoded, frame.Records);
            return count.Records == frame.Records && time.TryRead(decoded, out long first) && time.TryRead(decoded[count.Last..], out long last) ? (first, last) : null;
        }
    }
}
