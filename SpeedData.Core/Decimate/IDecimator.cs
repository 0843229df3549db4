namespace SpeedData.Core.Decimate;

/// <summary>
/// Makes few datagrams of many: a tumbling window of accepted datagrams becomes one record of the same schema. Runs on
/// the receive thread; allocates nothing. A window never spans a restart of the channel.
/// </summary>
public unsafe interface IDecimator
{
    /// <summary>Takes datagrams of <paramref name="segmentSize"/> bytes (the last may be shorter), each a valid record of the channel's schema.</summary>
    void Add(byte* payload, int length, int segmentSize);
}
