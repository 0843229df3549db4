using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Relay;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Receive;

/// <summary>
/// Sends records of a channel again, at full rate and decimated as the channel's configuration says. Added records leave at
/// <see cref="Flush"/>, and their memory must stay valid until then. One thread.
/// </summary>
/// <param name="options">The channel's options.</param>
/// <param name="full">Sends the records; null if they are not sent.</param>
/// <param name="decimated">Sends the decimated records; null if they are not sent.</param>
/// <param name="time">The clock.</param>
public sealed unsafe class RecordOutput(ChannelOptions options, IDatagramSender? full, IDatagramSender? decimated, TimeProvider time) : IDisposable
{
    private readonly StreamOutput _full = Output(full), _decimated = Output(decimated);
    private readonly Dictionary<RecordLayout, CheckAndDecimator> _checks = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many records were sent at full rate, and how many failed.</summary>
    public SendTally Full { get; private set; }

    /// <summary>How many decimated records were sent, and how many failed.</summary>
    public SendTally Decimated { get; private set; }

    /// <summary>The record time at which the first open window ends; null for no end.</summary>
    public long? OpenUntilNs => _checks.Values.Min(check => check.Decimator!.OpenUntilNs);

    /// <summary>Whether this output and another one share a sender.</summary>
    public bool SharesWay(RecordOutput other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Uses(full) || other.Uses(decimated);
    }

    /// <summary>Adds a record.</summary>
    /// <param name="bytes">Pinned memory.</param>
    /// <param name="layout">The layout of the record.</param>
    /// <param name="timeNs">The time at which it was received.</param>
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

    /// <summary>Hands the added records to the kernel.</summary>
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

    /// <summary>Sends what the open windows hold.</summary>
    public void EndWindow()
    {
        foreach (CheckAndDecimator check in _checks.Values)
            check.Decimator!.Close();
        Flush();
    }

    /// <summary>Sends what the open windows hold and forgets the layouts, because the next records come from other files.</summary>
    public void StartOver()
    {
        EndWindow();
        Dispose();
        _checks.Clear();
    }

    /// <summary>Sends what the windows hold that may not wait any longer.</summary>
    /// <param name="nowNs">The time on the clock of the records.</param>
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
