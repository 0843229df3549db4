namespace SpeedData.Core.Decimate;

/// <summary>Downsample: sends the last record of each window unchanged.</summary>
internal sealed unsafe class LastRecord(IRecordSink sink) : IReducer
{
    private readonly KeptRecord _last = new(marks: 0);

    public int RecordsPerWindow => 1;

    public void Add(in RecordRun run, int from, int count) => _last.Set(run[from + count - 1]);

    public void Emit(int records)
    {
        RecordView last = _last.View;
        _last.Clear();
        sink.Add(last.Bytes, last.Length);
    }

    public void EndBatch(bool isOpen) => _last.Keep();

    public void Dispose() => _last.Dispose();
}
