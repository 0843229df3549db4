using SpeedData.Core.Schema;

namespace SpeedData.Core.Diagnostics;

/// <summary>What a channel has counted for one of its schemas, as long as the channel lives.</summary>
public sealed class SchemaCounters
{
    private long _accepted;

    internal SchemaCounters(RecordSchema schema) => Schema = schema;

    public RecordSchema Schema { get; }

    /// <summary>Any thread: datagrams that were taken as its records.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>What ended writers of it had counted. Under the gate of <see cref="ChannelCounters"/>.</summary>
    internal WriterTally EndedWriters { get; set; }

    /// <summary>Receive thread.</summary>
    internal void Accept(long datagrams) => Volatile.Write(ref _accepted, _accepted + datagrams);
}
