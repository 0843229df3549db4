using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// Neighbouring fields with the same aggregation. Gathers their values from the window's records, and writes the fields of the
/// result. The rest of a result is copied from a record of the window. One thread.
/// </summary>
/// <param name="begin">The beginning of the first field in a record.</param>
internal abstract unsafe class FieldRun(ScanOffset begin) : IDisposable
{
    /// <summary>The size of the largest result in bytes.</summary>
    public abstract int LargestResult { get; }

    /// <summary>Adds the values of records of the window.</summary>
    public abstract void Add(in RecordRun run, int from, int count);

    /// <summary>Returns the end of the fields in a record.</summary>
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
