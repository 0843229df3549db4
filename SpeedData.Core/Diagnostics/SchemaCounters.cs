using SpeedData.Core.Schema;

namespace SpeedData.Core.Diagnostics;

/// <summary>The counters of one schema of a channel. They live as long as the channel.</summary>
public sealed class SchemaCounters
{
    private long _accepted;

    internal SchemaCounters(RecordSchema schema) => Schema = schema;

    public RecordSchema Schema { get; }

    /// <summary>Any thread: the number of datagrams accepted as records of this schema.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>The sum of the tallies of its ended writers. Under the gate of <see cref="ChannelCounters"/>.</summary>
    internal WriterTally EndedWriters { get; set; }

    /// <summary>Receive thread: counts accepted datagrams.</summary>
    internal void Accept(long datagrams) => Volatile.Write(ref _accepted, _accepted + datagrams);
}
