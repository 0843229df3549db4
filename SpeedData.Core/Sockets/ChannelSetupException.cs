namespace SpeedData.Core.Sockets;

/// <summary>
/// Something a channel needs is absent at the moment (an interface, a port). The message is one line for a person and
/// names key and value; the supervisor tries again.
/// </summary>
public sealed class ChannelSetupException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a change of the network can help: then the next change ends the wait for the next attempt.</summary>
    public bool IsOfNetwork { get; init; }
}
