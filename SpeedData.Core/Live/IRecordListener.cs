using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>Gets the records of a channel one by one, on the watch thread. It must not wait.</summary>
public interface IRecordListener
{
    /// <summary>Whether it wants the decimated records; else all.</summary>
    bool WantsDecimated { get; }

    /// <param name="record">Valid only during the call.</param>
    /// <param name="layout">What it is.</param>
    /// <param name="receivedNs">When it was received; of a decimated record, when the last of its window was.</param>
    void Take(ReadOnlySpan<byte> record, RecordLayout layout, long receivedNs);

    /// <summary>The tap lost datagrams.</summary>
    void Lose(long datagrams);
}
