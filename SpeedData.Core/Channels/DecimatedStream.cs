using SpeedData.Core.Decimate;
using SpeedData.Core.Relay;

namespace SpeedData.Core.Channels;

/// <summary>The way out of the decimated stream, with the count of what became of its records. Receive thread.</summary>
internal sealed unsafe class DecimatedStream(IDatagramSender sender) : IRecordSink
{
    private SendTally _tally;

    public void Add(byte* record, int length) => sender.Add(record, length, length);

    public void Refuse() => _tally += new SendTally(0, 1);

    public void Flush() => _tally += sender.Flush();

    /// <summary>What became of the records that were handed on or refused since the last call.</summary>
    public SendTally TakeTally()
    {
        SendTally tally = _tally;
        _tally = default;
        return tally;
    }
}
