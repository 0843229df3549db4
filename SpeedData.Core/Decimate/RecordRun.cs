namespace SpeedData.Core.Decimate;

/// <summary>Records of a channel that lie one behind the other, with the marks of their scan.</summary>
/// <param name="payload">First byte of the first.</param>
/// <param name="length">Bytes of all, at least 1.</param>
/// <param name="segmentSize">Bytes of each record; only the last may be shorter.</param>
/// <param name="marks">Where their values lie.</param>
/// <param name="receiveTimeNs">Unix time of arrival in ns.</param>
public readonly unsafe ref struct RecordRun(byte* payload, int length, int segmentSize, RecordMarks marks, long receiveTimeNs)
{
    private readonly byte* _payload = payload;
    private readonly int _length = length;
    private readonly int _segmentSize = segmentSize;
    private readonly RecordMarks _marks = marks;

    /// <summary>Unix time of arrival in ns.</summary>
    public readonly long ReceiveTimeNs = receiveTimeNs;

    /// <summary>Number of records, at least 1.</summary>
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
