namespace SpeedData.Core.Decimate;

/// <summary>Consecutive records of a channel, with the marks of their scan.</summary>
/// <param name="payload">The first byte of the first record.</param>
/// <param name="length">The total size of all records in bytes, at least 1.</param>
/// <param name="segmentSize">The size of each record in bytes; only the last may be shorter.</param>
/// <param name="marks">The marks of the records.</param>
/// <param name="receiveTimeNs">The Unix time of arrival in ns.</param>
public readonly unsafe ref struct RecordRun(byte* payload, int length, int segmentSize, RecordMarks marks, long receiveTimeNs)
{
    private readonly byte* _payload = payload;
    private readonly int _length = length;
    private readonly int _segmentSize = segmentSize;
    private readonly RecordMarks _marks = marks;

    /// <summary>The Unix time of arrival in ns.</summary>
    public readonly long ReceiveTimeNs = receiveTimeNs;

    /// <summary>The number of records, at least 1.</summary>
    public int Count => (_length + _segmentSize - 1) / _segmentSize;

    public RecordView this[int index]
    {
        get
        {
            int at = index * _segmentSize;
            return new RecordView(_payload + at, Math.Min(_segmentSize, _length - at), _marks[index]);
        }
    }
}

/// <summary>One valid record and the offsets that its scan noted.</summary>
public readonly unsafe struct RecordView(byte* bytes, int length, int* marks)
{
    public readonly byte* Bytes = bytes;

    public readonly int Length = length;

    public readonly int* Marks = marks;
}
