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
    private readonly Dictionary<RecordLayout, CheckAndDecimator> _checks = new(ReferenceEqualityComparer.Instance);

    /// <summary>Records that were sent as they are, and those that were not.</summary>
    public SendTally Full { get; private set; }

    /// <summary>Decimated records that were sent, and those that were not.</summary>
    public SendTally Decimated { get; private set; }

    /// <summary>Until when the first of the open windows may wait for more, by the records' times; null for no end.</summary>
    public long? OpenUntilNs => _checks.Values.Min(check => check.Decimator!.OpenUntilNs);

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
        if (_checks.Count == 0)
            return;
        _decimated.Flush();
        foreach (CheckAndDecimator check in _checks.Values)
        {
            check.Decimator!.EndBatch();
            check.Decimator.TakeWindowRecords();
        }

        Decimated += _decimated.TakeTally();
    }

    /// <summary>Sends what the open windows have.</summary>
    public void EndWindow()
    {
        foreach (CheckAndDecimator check in _checks.Values)
            check.Decimator!.Close();
        Flush();
    }

    /// <summary>The records that come are of other files: sends what the open windows have, and forgets their layouts.</summary>
    public void StartOver()
    {
        EndWindow();
        Dispose();
        _checks.Clear();
    }

    /// <summary>Sends what the windows have that may not wait any longer.</summary>
    /// <param name="nowNs">The time, by the records' clock.</param>
    public void EndWindows(long nowNs)
    {
        foreach (CheckAndDecimator check in _checks.Values)
        {
            if (check.Decimator!.OpenUntilNs <= nowNs)
                check.Decimator.Close();
        }

        Flush();
    }

    public void Dispose()
    {
        foreach (CheckAndDecimator check in _checks.Values)
            check.Dispose();
    }

    private bool Uses(IDatagramSender? sender) => sender is not null && (sender == full || sender == decimated);

    private void Decimate(byte* record, ReadOnlySpan<byte> bytes, RecordLayout layout, long timeNs)
    {
        CheckAndDecimator check = CheckOf(layout);
        if (check.Scan.Check(bytes, check.Marks.For(0)) == RecordFaultKind.None)
            check.Decimator!.Add(new RecordRun(record, bytes.Length, bytes.Length, check.Marks.Noted, timeNs));
    }

    // No window has records of two schemas.
    private CheckAndDecimator CheckOf(RecordLayout layout)
    {
        if (!_checks.TryGetValue(layout, out CheckAndDecimator? check))
            _checks.Add(layout, check = new CheckAndDecimator(options with { Decimated = options.Decimated with { Enabled = true } }, layout, _decimated, time));
        return check;
    }

    private static StreamOutput Output(IDatagramSender? sender)
    {
        var output = new StreamOutput();
        output.Use(sender);
        return output;
    }
}
