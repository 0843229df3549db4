using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>Decimates the records of a tap like the channel's decimated stream, but in separate windows. One thread.</summary>
internal sealed unsafe class WindowRecords : IRecordSink, IDisposable
{
    private readonly RecordLayout _layout;
    private readonly IReadOnlyList<IRecordListener> _listeners;
    private readonly Decimator _decimator;
    private readonly MarkBuffer _marks;
    private long _receivedNs;

    /// <param name="options">Options with algorithm and window.</param>
    /// <param name="layout">The layout of the records.</param>
    /// <param name="listeners">The listeners for decimated records.</param>
    /// <param name="time">The clock.</param>
    public WindowRecords(ChannelOptions options, RecordLayout layout, IReadOnlyList<IRecordListener> listeners, TimeProvider time)
    {
        (Options, _layout, _listeners) = (options, layout, listeners);
        _decimator = DecimatorFactory.Create(options, layout, this, time);
        _marks = new MarkBuffer(_decimator.Scan);
    }

    public ChannelOptions Options { get; }

    public RecordLayout Layout => _layout;

    /// <summary>Adds a record, whose memory must not change until <see cref="EndBatch"/>.</summary>
    public void Add(ReadOnlySpan<byte> record, long receivedNs)
    {
        _receivedNs = receivedNs;
        if (_decimator.Scan.Check(record, _marks.For(0)) != RecordFaultKind.None)
            return;
        fixed (byte* bytes = record)
            _decimator.Add(new RecordRun(bytes, record.Length, record.Length, _marks.Noted, receivedNs));
    }

    public void EndBatch()
    {
        if (_decimator.IsDue)
            _decimator.Close();
        _decimator.EndBatch();
        _decimator.TakeWindowRecords();
    }

    public void Add(byte* record, int length)
    {
        for (int i = 0; i < _listeners.Count; i++)
        {
            if (_listeners[i].WantsDecimated)
                _listeners[i].Take(new ReadOnlySpan<byte>(record, length), _layout, _receivedNs);
        }
    }

    public void Refuse()
    {
        // Watchers need not know about a record that is too large for a datagram.
    }

    public void Flush()
    {
        // Listeners receive each record immediately.
    }

    public void Dispose()
    {
        _decimator.Dispose();
        _marks.Dispose();
    }
}
