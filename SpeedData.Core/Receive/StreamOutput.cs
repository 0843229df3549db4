using SpeedData.Core.Decimate;
using SpeedData.Core.Relay;

namespace SpeedData.Core.Receive;

/// <summary>
/// Sends the datagrams of a stream and counts the results. While the stream has no socket, each datagram counts as an error.
/// Receive thread.
/// </summary>
internal sealed unsafe class StreamOutput : IRecordSink
{
    private IDatagramSender? _sender, _abandoned;
    private SendTally _tally;

    /// <summary>Sets the socket to send with; null while there is none. Everything added before must have been flushed.</summary>
    public void Use(IDatagramSender? sender) => _sender = sender == _abandoned ? null : sender;

    /// <summary>Stops using the socket after an exception before a flush, because what the socket holds was already counted.</summary>
    public void Abandon()
    {
        _abandoned = _sender ?? _abandoned;
        _sender = null;
    }

    /// <summary>Adds datagrams of <paramref name="segmentSize"/> bytes; only the last may be shorter.</summary>
    public void Add(byte* payload, int length, int segmentSize, int count)
    {
        if (_sender is { } sender)
            sender.Add(payload, length, segmentSize);
        else
            _tally += new SendTally(0, count);
    }

    public void Add(byte* record, int length) => Add(record, length, length, 1);

    public void Refuse() => _tally += new SendTally(0, 1);

    public void Flush()
    {
        if (_sender is { } sender)
            _tally += sender.Flush();
    }

    /// <summary>Returns the results of the datagrams that were flushed or refused since the last call.</summary>
    public SendTally TakeTally()
    {
        SendTally tally = _tally;
        _tally = default;
        return tally;
    }
}
