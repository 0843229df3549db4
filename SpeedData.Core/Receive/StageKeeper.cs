using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Rejects;
using SpeedData.Core.Relay;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Receive;

/// <summary>
/// Hands stages to the receive thread. Frees the objects that a new stage no longer has, once the thread has taken it over. Call
/// every member under the channel's gate.
/// </summary>
/// <param name="loop">The loop that the receive thread runs.</param>
/// <param name="decimated">Receives the records of the decimators.</param>
/// <param name="time">The clock that is used while nothing arrives.</param>
internal sealed class StageKeeper(ReceiveLoop loop, StreamOutput decimated, TimeProvider time) : IDisposable
{
    private readonly Queue<(long Stage, Action Free)> _retired = new();
    private readonly List<Action> _retiring = [];
    private ReceiveStage? _stage;
    private List<CheckAndDecimator> _checks = [];
    private ValueList<IPNetwork>? _allowed;

    /// <summary>Frees something once the receive thread uses the next stage.</summary>
    public void Retire(Action free) => _retiring.Add(free);

    /// <summary>Whether the receive thread uses the stage that was offered last.</summary>
    public bool IsTakenOver => loop.StageInUse == (_stage?.Number ?? 0);

    /// <summary>Replaces the checks after an exception in the middle of a batch, which leaves the decimators' contents unknown.</summary>
    public void RenewChecks() => RetireChecks([]);

    /// <summary>Offers a new stage if anything in it has changed.</summary>
    /// <param name="options">The channel's options.</param>
    /// <param name="ways">The channel's schemas in order, each with its counters and with its ring, if there is one.</param>
    /// <param name="full">The socket of the full-rate stream; null while it has none.</param>
    /// <param name="decimatedSender">The socket of the decimated stream; null while it has none.</param>
    /// <param name="keeper">Keeps refused datagrams; null for none.</param>
    public void Offer(ChannelOptions options, IReadOnlyList<(SchemaCounters Schema, BurstRing? Ring)> ways, IDatagramSender? full, IDatagramSender? decimatedSender, RejectKeeper? keeper)
    {
        RetireChecks([.. ways.Select(way => way.Schema.Schema.Layout).Select(layout => _checks.Find(check => check.Serves(options, layout)) ?? new CheckAndDecimator(options, layout, decimated, time))]);
        ValueList<IPNetwork> allowed = options.Receive.AllowedSources;
        SourceFilter filter = _stage is { } stage && allowed.Equals(_allowed) ? stage.Filter : new SourceFilter(allowed);
        _allowed = allowed;
        var next = new ReceiveStage
        {
            Number = _stage?.Number ?? 0,
            Filter = filter,
            Lanes = [.. ways.Zip(_checks, (way, check) => new RecordLane(check, way.Ring, way.Schema))],
            Archives = options.Archive.Enabled,
            Keeper = keeper,
            Relays = options.FullRate.Enabled,
            FullRate = full,
            Decimated = decimatedSender,
        };
        if (next != _stage)
        {
            _stage = next with { Number = next.Number + 1 };
            foreach (Action free in _retiring)
                _retired.Enqueue((_stage.Number, free));
            _retiring.Clear();
            loop.Offer(_stage);
        }

        FreeUnused();
    }

    /// <summary>Frees what the receive thread no longer uses.</summary>
    public void FreeUnused()
    {
        while (_retired.TryPeek(out (long Stage, Action Free) oldest) && oldest.Stage <= loop.StageInUse)
            _retired.Dequeue().Free();
    }

    /// <summary>Frees everything. The receive thread must have ended for good.</summary>
    public void Dispose()
    {
        RenewChecks();
        foreach ((_, Action free) in _retired)
            free();
        foreach (Action free in _retiring)
            free();
        _retired.Clear();
        _retiring.Clear();
    }

    private void RetireChecks(List<CheckAndDecimator> next)
    {
        foreach (CheckAndDecimator check in _checks.Except(next))
            Retire(check.Dispose);
        _checks = next;
    }
}
