namespace SpeedData.Core.Decimate;

/// <summary>
/// Computes the record, or for min-max the two records, that stand for a window. Receive thread; allocates no managed memory.
/// </summary>
internal interface IReducer : IDisposable
{
    /// <summary>How many records stand for a window.</summary>
    int RecordsPerWindow { get; }

    /// <summary>Takes records of the window. Their memory stays as it is until <see cref="EndBatch"/>.</summary>
    /// <param name="run">Records.</param>
    /// <param name="from">The first to take.</param>
    /// <param name="count">How many, at least 1.</param>
    void Add(in RecordRun run, int from, int count);

    /// <summary>Hands the window's records to the sink, and begins a new window.</summary>
    /// <param name="records">How many it took, at least 1.</param>
    void Emit(int records);

    /// <summary>The sink was flushed, and the memory of the records is about to be reused.</summary>
    /// <param name="isOpen">Whether the window holds records.</param>
    void EndBatch(bool isOpen);
}

/// <summary>Where the records of closed windows go. Receive thread.</summary>
public unsafe interface IRecordSink
{
    /// <summary>Takes one record. The memory stays as it is until <see cref="Flush"/>, or to the end of the batch.</summary>
    void Add(byte* record, int length);

    /// <summary>Counts a record that is too large to be sent.</summary>
    void Refuse();

    /// <summary>Hands on what was added, so that its memory can be used again.</summary>
    void Flush();
}
