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
    /// <param name="to">Room for at least <see cref="LargestResult"/> bytes.</param>
    /// <param name="records">The number of records in the window, at least 1.</param>
    /// <returns>The end of the written bytes.</returns>
    public abstract byte* Write(byte* to, int records);

    /// <summary>Begins a new window.</summary>
    public abstract void Reset();

    /// <summary>Copies what is still needed of the window's records, because their memory is about to be reused.</summary>
    /// <returns>False if there is no room for the copies.</returns>
    public virtual bool Keep(KeptBytes kept) => true;

    public byte* BeginIn(RecordView record) => record.Bytes + record.Marks[begin.Mark] + begin.Offset;

    public abstract void Dispose();
}
