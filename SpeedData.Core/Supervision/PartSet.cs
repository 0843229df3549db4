using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Supervision;

/// <summary>What applies to every part of a channel. Called under the channel's gate.</summary>
internal sealed class PartSet(ReceivePart receive, ArchivePart archive, StreamPart full, StreamPart decimated)
{
    private readonly ChannelPart[] _all = [receive, archive, full, decimated];

    /// <summary>Whether a part waits for something that a change of the network can fix.</summary>
    public bool AwaitNetwork => _all.Any(part => part.AwaitsNetwork);

    /// <summary>Takes the delays of the configuration.</summary>
    public void Use(RestartOptions delays)
    {
        foreach (ChannelPart part in _all)
            part.Use(delays);
    }

    /// <summary>Ends every wait for the next attempt.</summary>
    public void EndWaits()
    {
        foreach (ChannelPart part in _all)
            part.EndWait();
    }

    /// <summary>Ends the waits for a change of the network.</summary>
    public void EndNetworkWaits()
    {
        foreach (ChannelPart part in _all.Where(part => part.AwaitsNetwork))
            part.EndWait();
    }

    /// <summary>Whether exactly these rules hold the parts.</summary>
    public bool AreHeldBy(Breaches breaches) => (receive.HeldBy, full.HeldBy, decimated.HeldBy) == (breaches.Receive, breaches.Full, breaches.Decimated);

    /// <summary>Holds the parts that would break a rule, and lets the others go on.</summary>
    /// <returns>Why receiving is held, if that is new.</returns>
    public string? Hold(Breaches breaches)
    {
        full.Hold(breaches.Full);
        decimated.Hold(breaches.Decimated);
        return receive.Hold(breaches.Receive) ? breaches.Receive : null;
    }
}
