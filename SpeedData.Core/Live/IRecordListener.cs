using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>Receives the records of a channel one by one, on the watch thread. It must not block.</summary>
public interface IRecordListener
{
    /// <summary>Whether the listener receives decimated records instead of all records.</summary>
    bool WantsDecimated { get; }

    /// <param name="record">The record. Valid only during the call.</param>
    /// <param name="layout">The record's layout.</param>
    /// <param name="receivedNs">Time of receipt. For a decimated record, that of the last record in its window.</param>
    void Take(ReadOnlySpan<byte> record, RecordLayout layout, long receivedNs);

    /// <summary>Called when the tap lost datagrams.</summary>
    void Lose(long datagrams);
}
