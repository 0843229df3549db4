using System.Text;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Reading;

/// <summary>Steps through the receipts of a block's records: time and sender, as far as the index has them. One thread.</summary>
internal sealed class Receipts
{
    private readonly Dictionary<SourceAddress, byte[]> _names = [];
    private IndexEntry? _entry;
    private long _records;
    private int _burst;
    private long _burstEnd;
    private long _at;

    /// <summary>Time of receipt; null if unknown.</summary>
    public long? ReceivedNs { get; private set; }

    /// <summary>The sender as UTF-8; null if unknown.</summary>
    public byte[]? Source { get; private set; }

    /// <summary>Number of datagrams lost since the previous record; null if unknown.</summary>
    public long? LostBefore { get; private set; }

    /// <summary>The last known time of receipt, for records without one.</summary>
    public long? LastKnownNs { get; private set; }

    /// <param name="entry">The block's index entry; null if the index lacks the block.</param>
    /// <param name="records">Number of records in the block.</param>
    public void Begin(IndexEntry? entry, long records)
    {
        (_entry, _records) = (entry, records);
        (_burst, _burstEnd, _at) = (-1, 0, -1);
        (ReceivedNs, LostBefore) = (null, null);
        Source = entry is { Sources.Count: 1 } ? NameOf(entry.Sources[0]) : null;
    }

    /// <summary>The number of the first record after the current burst.</summary>
    public long BurstEnd => _entry is { HasBursts: true } ? Math.Clamp(_burstEnd, _at + 1, _records) : _records;

    /// <summary>Moves to a record. The number must not decrease.</summary>
    public void MoveTo(long record)
    {
        if (_entry is null || record == _at)
            return;
        _at = record;
        if (_entry.HasBursts)
            MoveToBurst(record);
        else
            // The index has only the times of the block's first and last record.
            ReceivedNs = record == 0 ? _entry.ReceivedFirstNs : record == _records - 1 ? _entry.ReceivedLastNs : null;
        LastKnownNs = ReceivedNs ?? LastKnownNs;
    }

    /// <summary>Estimates the time of receipt of a record whose time was not kept.</summary>
    public long? EstimateNs(long record) => _entry is { ReceivedFirstNs: { } first, ReceivedLastNs: { } last } && _records > 1
        ? first + (long)((last - first) * ((double)record / (_records - 1)))
        : LastKnownNs;

    private void MoveToBurst(long record)
    {
        LostBefore = 0;
        while (record >= _burstEnd && _burst + 1 < _entry!.Bursts.Count)
        {
            IndexBurst burst = _entry.Bursts[++_burst];
            LostBefore += burst.LostBefore;
            _burstEnd += Math.Max(0, burst.Records);
            ReceivedNs = burst.ReceivedNs;
            Source = burst.Source >= 0 && burst.Source < _entry.Sources.Count ? NameOf(_entry.Sources[burst.Source]) : null;
        }
    }

    private byte[] NameOf(SourceAddress source)
    {
        const int MostNames = 100_000;
        if (_names.TryGetValue(source, out byte[]? name))
            return name;
        if (_names.Count == MostNames)
            _names.Clear();
        return _names[source] = Encoding.ASCII.GetBytes(source.ToString());
    }
}
