using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// Neighbouring fields that are aggregated in the same way: gathers their values from the window's records, and writes the
/// fields of the result. The rest of a result is copied from a record of the window. One thread.
/// </summary>
/// <param name="begin">Where the first of the fields begins.</param>
internal abstract unsafe class FieldRun(ScanOffset begin) : IDisposable
{
    /// <summary>Bytes of the largest result.</summary>
    public abstract int LargestResult { get; }

    /// <summary>Gathers the values of records of the window.</summary>
    public abstract void Add(in RecordRun run, int from, int count);

    /// <summary>The end of the fields in a record.</summary>
    public abstract byte* EndIn(RecordView record);

    /// <summary>Writes the fields of a result.</summary>
    /// <param name="to">Room for <see cref="LargestResult"/>.</param>
    /// <param name="records">Records of the window, at least 1.</param>
    /// <returns>The end of what was written.</returns>
    public abstract byte* Write(byte* to, int records);

    /// <summary>Begins a new window.</summary>
    public abstract void Reset();

    /// <summary>The memory of the window's records is about to be reused.</summary>
    /// <returns>False if there is no room to keep what is needed of them.</returns>
    public virtual bool Keep(KeptBytes kept) => true;

    public byte* BeginIn(RecordView record) => record.Bytes + record.Marks[begin.Mark] + begin.Offset;

    public abstract void Dispose();
}
