using SpeedData.Core.Schema;

namespace SpeedData.Core.Replay;

/// <summary>A record to send.</summary>
/// <param name="Channel">Index of its channel.</param>
/// <param name="Offset">Offset of the record in the batch's bytes.</param>
/// <param name="Length">Length of the record in bytes.</param>
/// <param name="TimeNs">Time of receipt.</param>
/// <param name="Layout">The record's layout.</param>
internal readonly record struct ReplayedRecord(int Channel, int Offset, int Length, long TimeNs, RecordLayout Layout);

/// <summary>Records in time order, in memory that does not move. One thread at a time.</summary>
internal sealed class ReplayBatch
{
    private const int Bytes = 1 << 20, MostRecords = 16 << 10;

    private readonly List<ReplayedRecord> _records = new(MostRecords);
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Bytes, pinned: true);
    private int _length;

    public int Count => _records.Count;

    public ReplayedRecord this[int index] => _records[index];

    public ReadOnlySpan<byte> Of(in ReplayedRecord record) => _bytes.AsSpan(record.Offset, record.Length);

    public void Clear()
    {
        _records.Clear();
        _length = 0;
    }

    /// <returns>False if there is no room.</returns>
    public bool TryAdd(int channel, ReadOnlySpan<byte> record, long timeNs, RecordLayout layout)
    {
        if (_records.Count == MostRecords || (_length > 0 && _bytes.Length - _length < record.Length))
            return false;
        if (_bytes.Length < record.Length)
            _bytes = GC.AllocateUninitializedArray<byte>(record.Length, pinned: true);
        record.CopyTo(_bytes.AsSpan(_length));
        _records.Add(new ReplayedRecord(channel, _length, record.Length, timeNs, layout));
        _length += record.Length;
        return true;
    }
}
