using SpeedData.Core.Decimate;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Receive;

/// <summary>
/// The lanes of a channel in the order in which they are tried: a datagram takes the first whose exact record it is. Each lane has
/// a window of its own, so none has records of two schemas. Receive thread.
/// </summary>
internal sealed class LaneSet
{
    private OpenLane[] _lanes = [];

    /// <summary>The first lane.</summary>
    public OpenLane First => _lanes[0];

    /// <summary>Whether a lane decimates.</summary>
    public bool Decimates { get; private set; }

    /// <summary>Whether a window has been open for as long as it may.</summary>
    public bool IsDue
    {
        get
        {
            foreach (OpenLane lane in _lanes)
            {
                if (lane.Decimator is { IsDue: true })
                    return true;
            }

            return false;
        }
    }

    /// <summary>Uses these lanes from now on.</summary>
    public void Use(IReadOnlyList<RecordLane> lanes)
    {
        _lanes = [.. lanes.Select(lane => new OpenLane(lane))];
        Decimates = Array.Exists(_lanes, lane => lane.Decimator is not null);
    }

    /// <summary>Whether a window ends with the lanes that come.</summary>
    public bool EndsWindow(IReadOnlyList<RecordLane> next) =>
        Array.Exists(_lanes, lane => lane.Decimator is not null && !next.Any(lane.IsOf));

    /// <summary>How long the open windows may stay open; infinite if there is none, or no limit.</summary>
    public TimeSpan TimeLeft()
    {
        TimeSpan least = Timeout.InfiniteTimeSpan;
        foreach (OpenLane lane in _lanes)
        {
            TimeSpan left = lane.Decimator?.TimeLeft() ?? Timeout.InfiniteTimeSpan;
            if (left != Timeout.InfiniteTimeSpan && (least == Timeout.InfiniteTimeSpan || left < least))
                least = left;
        }

        return least;
    }

    /// <summary>The lane that takes a whole burst, known by its size alone; null if its datagrams must be looked at.</summary>
    public OpenLane? OfWhole(in Burst burst)
    {
        foreach (OpenLane lane in _lanes)
        {
            if (lane.FixedSize == burst.SegmentSize)
                return burst.Length % burst.SegmentSize == 0 ? lane : null;
            // What this lane takes is not known by size.
            if (lane.FixedSize < 0)
                return null;
        }

        return null;
    }

    /// <summary>The lane that takes a datagram; null if none does.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="current">The lane of the run before it.</param>
    /// <param name="inRun">Records of that run, whose marks are kept.</param>
    /// <param name="kind">Why the first lane does not take it.</param>
    public OpenLane? Of(ReadOnlySpan<byte> datagram, OpenLane current, int inRun, out RecordFaultKind kind)
    {
        kind = RecordFaultKind.None;
        foreach (OpenLane lane in _lanes)
        {
            RecordFaultKind fault = lane.Scan.Check(datagram, lane.Marks.For(lane == current ? inRun : 0));
            if (fault == RecordFaultKind.None)
                return lane;
            if (kind == RecordFaultKind.None)
                kind = fault;
        }

        return null;
    }

    /// <summary>Closes the open windows.</summary>
    /// <param name="all">Whether also those that may stay open.</param>
    public void Close(bool all)
    {
        foreach (OpenLane lane in _lanes)
        {
            if (lane.Decimator is { } decimator && (all || decimator.IsDue))
                decimator.Close();
        }
    }

    /// <summary>The memory of the records is about to be used again.</summary>
    public void EndBatch()
    {
        foreach (OpenLane lane in _lanes)
            lane.Decimator?.EndBatch();
    }

    /// <summary>Records of the windows that were closed since the last call.</summary>
    public long TakeWindowRecords()
    {
        long records = 0;
        foreach (OpenLane lane in _lanes)
            records += lane.Decimator?.TakeWindowRecords() ?? 0;
        return records;
    }

    /// <summary>Makes everything in the rings visible.</summary>
    public void Publish()
    {
        foreach (OpenLane lane in _lanes)
            lane.Publish();
    }

    /// <summary>Something threw in the middle of a batch: what the decimators hold is counted, and not sent.</summary>
    public void Abandon()
    {
        foreach (OpenLane lane in _lanes)
            lane.Abandon();
        Decimates = false;
    }
}

/// <summary>A lane as the receive thread uses it.</summary>
internal sealed class OpenLane(RecordLane lane)
{
    private long _accepted;

    /// <summary>Bytes of every record, where any bytes of that number are a record; else -1.</summary>
    public readonly int FixedSize = lane.Check.Scan.FixedSize ?? -1;

    public readonly RecordScan Scan = lane.Check.Scan;

    public readonly MarkBuffer Marks = lane.Check.Marks;

    public readonly BurstRing? Ring = lane.Ring;

    /// <summary>Null where the decimated stream is switched off, or after a fault.</summary>
    public Decimator? Decimator { get; private set; } = lane.Check.Decimator;

    public bool IsOf(RecordLane other) => other.Check == lane.Check;

    public void Count(int datagrams) => _accepted += datagrams;

    public void Publish()
    {
        // Counted before it can be seen.
        if (_accepted > 0)
            lane.Counted.Accept(_accepted);
        _accepted = 0;
        Ring?.Publish();
    }

    public void Abandon()
    {
        lane.Check.Abandon();
        Decimator = null;
    }
}
