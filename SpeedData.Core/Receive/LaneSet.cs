using SpeedData.Core.Decimate;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Receive;

/// <summary>
/// The lanes of a channel, in the order in which they are tried. A datagram takes the first lane that it is an exact record of.
/// Each lane has its own window, so no window mixes two schemas. Receive thread.
/// </summary>
internal sealed class LaneSet
{
    private OpenLane[] _lanes = [];

    /// <summary>The first lane.</summary>
    public OpenLane First => _lanes[0];

    /// <summary>Whether any lane decimates.</summary>
    public bool Decimates { get; private set; }

    /// <summary>Whether a window has reached its longest duration.</summary>
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

    /// <summary>Replaces the lanes.</summary>
    public void Use(IReadOnlyList<RecordLane> lanes)
    {
        _lanes = [.. lanes.Select(lane => new OpenLane(lane))];
        Decimates = Array.Exists(_lanes, lane => lane.Decimator is not null);
    }

    /// <summary>Whether the next lanes end an open window.</summary>
    public bool EndsWindow(IReadOnlyList<RecordLane> next) =>
        Array.Exists(_lanes, lane => lane.Decimator is not null && !next.Any(lane.IsOf));

    /// <summary>Returns how long the open windows may stay open; infinite if none is open or none has a limit.</summary>
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

    /// <summary>Returns the lane that takes a whole burst because of its size alone; null if each datagram must be checked.</summary>
    public OpenLane? OfWhole(in Burst burst)
    {
        foreach (OpenLane lane in _lanes)
        {
            if (lane.FixedSize == burst.SegmentSize)
                return burst.Length % burst.SegmentSize == 0 ? lane : null;
            // Size alone does not decide whether this lane takes a datagram.
            if (lane.FixedSize < 0)
                return null;
        }

        return null;
    }

    /// <summary>Returns the lane that takes a datagram; null if none does.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="current">The lane of the preceding run.</param>
    /// <param name="inRun">The number of records in that run; the marks of these records are kept.</param>
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
    /// <param name="all">Whether to also close windows that may stay open.</param>
    public void Close(bool all)
    {
        foreach (OpenLane lane in _lanes)
        {
            if (lane.Decimator is { } decimator && (all || decimator.IsDue))
                decimator.Close();
        }
    }

    /// <summary>Copies what must outlive the batch, because the memory of its records is about to be reused.</summary>
    public void EndBatch()
    {
        foreach (OpenLane lane in _lanes)
            lane.Decimator?.EndBatch();
    }

    /// <summary>Returns the number of records in the windows that were closed since the last call.</summary>
    public long TakeWindowRecords()
    {
        long records = 0;
        foreach (OpenLane lane in _lanes)
            records += lane.Decimator?.TakeWindowRecords() ?? 0;
        return records;
    }

    /// <summary>Publishes everything that was put into the rings.</summary>
    public void Publish()
    {
        foreach (OpenLane lane in _lanes)
            lane.Publish();
    }

    /// <summary>Abandons the decimators after an exception in the middle of a batch. What they hold is counted, but not sent.</summary>
    public void Abandon()
    {
        foreach (OpenLane lane in _lanes)
            lane.Abandon();
        Decimates = false;
    }
}

/// <summary>A lane in the form that the receive thread uses.</summary>
internal sealed class OpenLane(RecordLane lane)
{
    private long _accepted;

    /// <summary>The size of every record if any bytes of that size are a record; otherwise -1.</summary>
    public readonly int FixedSize = lane.Check.Scan.FixedSize ?? -1;

    public readonly RecordScan Scan = lane.Check.Scan;

    public readonly MarkBuffer Marks = lane.Check.Marks;

    public readonly BurstRing? Ring = lane.Ring;

    /// <summary>The decimator; null if the decimated stream is switched off, or after a fault.</summary>
    public Decimator? Decimator { get; private set; } = lane.Check.Decimator;

    public bool IsOf(RecordLane other) => other.Check == lane.Check;

    public void Count(int datagrams) => _accepted += datagrams;

    public void Publish()
    {
        // Count before the writer can see the records.
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
