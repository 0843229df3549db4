namespace SpeedData.Core.Sockets;

/// <summary>
/// A channel's interface, address or port is not available at the moment. The message is one line for a person and names key and
/// value; the supervisor tries again.
/// </summary>
public sealed class ChannelSetupException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a change of the network can help. The next change then ends the wait for the next attempt.</summary>
    public bool IsOfNetwork { get; init; }
}
