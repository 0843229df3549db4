using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Rejects;
using SpeedData.Core.Relay;

namespace SpeedData.Core.Receive;

/// <summary>
/// What the receive thread does with datagrams, beside its socket. A change is a new stage, which takes its place
/// between two batches.
/// </summary>
internal sealed record ReceiveStage
{
    /// <summary>Grows from stage to stage.</summary>
    public long Number { get; init; }

    public required SourceFilter Filter { get; init; }

    /// <summary>The ways of the records, one for each schema, in the order in which they are tried.</summary>
    public required ValueList<RecordLane> Lanes { get; init; }

    /// <summary>Whether datagrams are to be archived.</summary>
    public bool Archives { get; init; }

    /// <summary>Where refused datagrams are kept; null for nowhere.</summary>
    public RejectKeeper? Keeper { get; init; }

    /// <summary>Whether the full-rate stream is sent.</summary>
    public bool Relays { get; init; }

    /// <summary>The socket of the full-rate stream; null while it has none.</summary>
    public IDatagramSender? FullRate { get; init; }

    /// <summary>The socket of the decimated stream; null while it has none.</summary>
    public IDatagramSender? Decimated { get; init; }
}
