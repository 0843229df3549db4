using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Relay;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Receive;

/// <summary>
/// Sends records of a channel again: as they are, and decimated as the channel's configuration says. What was added leaves at
/// <see cref="Flush"/>, and its memory must stay until then. One thread.
/// </summary>
/// <param name="options">The channel's.</param>
/// <param name="full">Where records go; null for nowhere.</param>
/// <param name="decimated">Where decimated records go; null for nowhere.</param>
/// <param name="time">The clock.</param>
public sealed unsafe class RecordOutput(ChannelOptions options, IDatagramSender? full, IDatagramSender? decimated, TimeProvider time) : IDisposable
{
    private readonly StreamOutput _full = Output(full), _decimated = Output(decimated);
    private RecordLayout? _layout;
    private DatagramCheck? _check;

    /// <summary>Records that were sent as they are, and those that were not.</summary>
    public SendTally Full { get; private set; }

    /// <summary>Decimated records that were sent, and those that were not.</summary>
    public SendTally Decimated { get; private set; }

    /// <summary>Until when the open window may wait for more, by the records' times; null for no end.</summary>
    public long? OpenUntilNs => _check?.Decimator?.OpenUntilNs;

    /// <summary>Whether some of what another one sends leaves by the same sender.</summary>
    public bool SharesWay(RecordOutput other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Uses(full) || other.Uses(decimated);
    }

    /// <summary>Adds a record.</summary>
    /// <param name="bytes">Pinned memory.</param>
    /// <param name="layout">Of the record.</param>
    /// <param name="timeNs">When it was received.</param>
    public void Add(ReadOnlySpan<byte> bytes, RecordLayout layout, long timeNs)
    {
        fixed (byte* record = bytes)
        {
            if (full is not null)
                _full.Add(record, bytes.Length);
            if (decimated is not null)
                Decimate(record, bytes, layout, timeNs);
        }
    }

    /// <summary>Hands what was added to the kernel.</summary>
    public void Flush()
    {
        _full.Flush();
        Full += _full.TakeTally();
        if (_check?.Decimator is not { } decimator)
            return;
        _decimated.Flush();
        decimator.EndBatch();
        decimator.TakeWindowRecords();
        Decimated += _decimated.TakeTally();
    }

    /// <summary>Sends what the open window has.</summary>
    public void EndWindow()
    {
        _check?.Decimator?.Close();
        Flush();
    }

    public void Dispose() => _check?.Dispose();

    private bool Uses(IDatagramSender? sender) => sender is not null && (sender == full || sender == decimated);

    private void Decimate(byte* record, ReadOnlySpan<byte> bytes, RecordLayout layout, long timeNs)
    {
        if (_layout != layout)
            UseLayout(layout);
        if (_check!.Scan.Check(bytes, _check.Marks.For(0)) == RecordFaultKind.None)
            _check.Decimator!.Add(new RecordRun(record, bytes.Length, bytes.Length, _check.Marks.Noted, timeNs));
    }

    // No window has records of two schemas.
    private void UseLayout(RecordLayout layout)
    {
        EndWindow();
        _check?.Dispose();
        _check = new DatagramCheck(options with { Decimated = options.Decimated with { Enabled = true } }, layout, _decimated, time);
        _layout = layout;
    }

    private static StreamOutput Output(IDatagramSender? sender)
    {
        var output = new StreamOutput();
        output.Use(sender);
        return output;
    }
}
