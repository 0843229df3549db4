using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Rejects;
using SpeedData.Core.Relay;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Receive;

/// <summary>
/// Hands stages to the receive thread, and frees what a stage no longer has once the thread has taken it over. Every member
/// is called under the channel's gate.
/// </summary>
/// <param name="loop">What the receive thread runs.</param>
/// <param name="decimated">Where the records of decimators go.</param>
/// <param name="time">The clock while nothing arrives.</param>
internal sealed class StageKeeper(ReceiveLoop loop, StreamOutput decimated, TimeProvider time) : IDisposable
{
    private readonly Queue<(long Stage, Action Free)> _retired = new();
    private readonly List<Action> _retiring = [];
    private ReceiveStage? _stage;
    private List<CheckAndDecimator> _checks = [];
    private ValueList<IPNetwork>? _allowed;

    /// <summary>Frees something once the receive thread uses the next stage, which no longer has it.</summary>
    public void Retire(Action free) => _retiring.Add(free);

    /// <summary>Whether the receive thread uses what was offered last.</summary>
    public bool IsTakenOver => loop.StageInUse == (_stage?.Number ?? 0);

    /// <summary>Something threw in the middle of a batch: what the decimators hold is not known any more.</summary>
    public void RenewChecks() => RetireChecks([]);

    /// <summary>Offers a stage if anything in it is new.</summary>
    /// <param name="options">The channel's.</param>
    /// <param name="ways">Its schemas in their order, each with the ring for its records, while it has one, and their count.</param>
    /// <param name="full">The socket of the full-rate stream, while it has one.</param>
    /// <param name="decimatedSender">The socket of the decimated stream, while it has one.</param>
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

    /// <summary>The receive thread has ended for good: frees everything.</summary>
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
