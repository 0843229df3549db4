using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Supervision;

/// <summary>Applies something to every part of a channel. Call every member under the channel's gate.</summary>
internal sealed class PartSet(ReceivePart receive, ArchivePart archive, StreamPart full, StreamPart decimated)
{
    private readonly ChannelPart[] _all = [receive, archive, full, decimated];

    /// <summary>Whether any part waits for something that a change of the network can fix.</summary>
    public bool AwaitNetwork => _all.Any(part => part.AwaitsNetwork);

    /// <summary>Sets the delays from the configuration.</summary>
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

    /// <summary>Whether the parts are held by exactly these rules.</summary>
    public bool AreHeldBy(Breaches breaches) => (receive.HeldBy, full.HeldBy, decimated.HeldBy) == (breaches.Receive, breaches.Full, breaches.Decimated);

    /// <summary>Holds the parts that would break a rule, and releases the others.</summary>
    /// <returns>Why receiving is held, if that reason is new.</returns>
    public string? Hold(Breaches breaches)
    {
        full.Hold(breaches.Full);
        decimated.Hold(breaches.Decimated);
        return receive.Hold(breaches.Receive) ? breaches.Receive : null;
    }
}
