namespace SpeedData.Core.Decimate;

/// <summary>
/// Computes the record that represents a window; with min-max, two records. Receive thread; allocates no managed memory.
/// </summary>
internal interface IReducer : IDisposable
{
    /// <summary>The number of records that represent a window.</summary>
    int RecordsPerWindow { get; }

    /// <summary>Adds records to the window. Their memory stays unchanged until <see cref="EndBatch"/>.</summary>
    /// <param name="run">The records.</param>
    /// <param name="from">The index of the first record to add.</param>
    /// <param name="count">The number of records to add, at least 1.</param>
    void Add(in RecordRun run, int from, int count);

    /// <summary>Hands the window's records to the sink, and begins a new window.</summary>
    /// <param name="records">The number of records in the window, at least 1.</param>
    void Emit(int records);

    /// <summary>Keeps what must outlive the batch: the sink was flushed, and the memory of the records is about to be reused.</summary>
    /// <param name="isOpen">Whether the window holds records.</param>
    void EndBatch(bool isOpen);
}

/// <summary>Receives the records of closed windows. Receive thread.</summary>
public unsafe interface IRecordSink
{
    /// <summary>Adds one record. Its memory stays unchanged until <see cref="Flush"/>, or to the end of the batch.</summary>
    void Add(byte* record, int length);

    /// <summary>Counts a record that is too large to be sent.</summary>
    void Refuse();

    /// <summary>Passes on the added records, so that their memory can be reused.</summary>
    void Flush();
}
