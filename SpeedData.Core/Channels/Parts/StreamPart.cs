using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Channels.Parts;

/// <summary>One of the two streams. Its socket is opened, replaced and closed without any effect on the rest of the channel.</summary>
/// <param name="key">Configuration key of the stream: <c>FullRate</c> or <c>Decimated</c>.</param>
/// <param name="transport">Opens the socket.</param>
/// <param name="time">The clock.</param>
/// <param name="retryDue">Called on a timer's thread when it is time to try again.</param>
internal sealed class StreamPart(string key, ITransport transport, TimeProvider time, Action<ChannelPart, object> retryDue) : ChannelPart(time, retryDue)
{
    private volatile IDatagramSender? _sender;
    private (StreamOptions Target, ReceiveTransport Transport)? _openedWith;

    /// <summary>Any thread: the socket; null while there is none. Only the receive thread may send with it.</summary>
    public IDatagramSender? Sender => _sender;

    /// <summary>Any thread: the state, including whether the receiver is reachable, as far as the kernel reports it.</summary>
    public PartState Outcome => State is { Up: true } state && _sender?.Unreachable is { } host ? state with { Up = false, Since = host.Since, Why = host.Why } : State;

    /// <summary>Opens the socket. If that fails, notes why and when to try again.</summary>
    public void Open(ChannelOptions channel, StreamOptions target)
    {
        _openedWith = Settings(channel, target);
        try
        {
            _sender = transport.OpenSender(channel, key, target);
            WentUp($"to {target.Address}:{target.Port}{(Interface is { } way ? $" by {way.Describe()}" : "")}");
        }
        catch (ChannelSetupException e)
        {
            WentDown(FaultOf(FaultRole.Setup, e.Message, e));
        }
        catch (Exception e)
        {
            WentDown(FaultOf(FaultRole.Setup, $"{key}: the socket could not be opened: {e.Message}", e));
        }
    }

    /// <summary>Whether the open socket no longer fits the options.</summary>
    public bool MustReplace(ChannelOptions channel, StreamOptions target) => _sender is not null && _openedWith != Settings(channel, target);

    /// <summary>Any thread: the interface of the open socket.</summary>
    public InterfaceBinding? Interface => _sender?.Interface;

    /// <summary>Releases the socket. The caller disposes of it once the receive thread no longer uses it.</summary>
    public IDatagramSender? Release(string why)
    {
        IDatagramSender? sender = _sender;
        _sender = null;
        WentOff(why);
        return sender;
    }

    private static (StreamOptions, ReceiveTransport) Settings(ChannelOptions channel, StreamOptions target) => (target.Target(), channel.Receive.Transport);
}
