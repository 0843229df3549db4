using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Rejects;
using SpeedData.Core.Relay;

namespace SpeedData.Core.Receive;

/// <summary>
/// What the receive thread does with the datagrams of its socket. A change of the channel makes a new stage, which replaces the
/// old one between two batches.
/// </summary>
internal sealed record ReceiveStage
{
    /// <summary>The number of the stage. It grows from stage to stage.</summary>
    public long Number { get; init; }

    public required SourceFilter Filter { get; init; }

    /// <summary>The lanes, one for each schema, in the order in which they are tried.</summary>
    public required ValueList<RecordLane> Lanes { get; init; }

    /// <summary>Whether datagrams are to be archived.</summary>
    public bool Archives { get; init; }

    /// <summary>Keeps refused datagrams; null if they are not kept.</summary>
    public RejectKeeper? Keeper { get; init; }

    /// <summary>Whether the full-rate stream is sent.</summary>
    public bool Relays { get; init; }

    /// <summary>The socket of the full-rate stream; null while it has none.</summary>
    public IDatagramSender? FullRate { get; init; }

    /// <summary>The socket of the decimated stream; null while it has none.</summary>
    public IDatagramSender? Decimated { get; init; }
}
