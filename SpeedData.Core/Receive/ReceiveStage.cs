using SpeedData.Core.Relay;
using SpeedData.Core.Ring;

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

    public required DatagramCheck Check { get; init; }

    /// <summary>Whether datagrams are to be archived.</summary>
    public bool Archives { get; init; }

    /// <summary>Where the writer takes them from; null while the archive has none, and then they are lost as a fault.</summary>
    public BurstRing? Ring { get; init; }

    /// <summary>Whether the full-rate stream is sent.</summary>
    public bool Relays { get; init; }

    /// <summary>The socket of the full-rate stream; null while it has none.</summary>
    public IDatagramSender? FullRate { get; init; }

    /// <summary>The socket of the decimated stream; null while it has none.</summary>
    public IDatagramSender? Decimated { get; init; }
}
