using SpeedData.Core.Decimate;
using SpeedData.Core.Relay;

namespace SpeedData.Core.Receive;

/// <summary>
/// Where the datagrams of a stream go, with the count of what became of them. While the stream has no socket, each of them
/// is an error. Receive thread.
/// </summary>
internal sealed unsafe class StreamOutput : IRecordSink
{
    private IDatagramSender? _sender, _abandoned;
    private SendTally _tally;

    /// <summary>The socket to send with from now on; null while there is none. Everything added before has been flushed.</summary>
    public void Use(IDatagramSender? sender) => _sender = sender == _abandoned ? null : sender;

    /// <summary>Something threw before a flush: what the socket holds was counted otherwise, so it is never used again.</summary>
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

    /// <summary>What became of the datagrams that were flushed or refused since the last call.</summary>
    public SendTally TakeTally()
    {
        SendTally tally = _tally;
        _tally = default;
        return tally;
    }
}
