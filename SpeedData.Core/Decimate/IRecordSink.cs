namespace SpeedData.Core.Decimate;

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
