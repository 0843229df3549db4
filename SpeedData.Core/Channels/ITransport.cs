using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Channels;

/// <summary>Opens the sockets of a channel.</summary>
public interface ITransport : IDisposable
{
    /// <param name="channel">The channel that receives.</param>
    /// <param name="predecessor">The socket that this one replaces and that then accepts nothing more; null if none.</param>
    /// <exception cref="ChannelSetupException">The interface, the address or the port is not available at the moment.</exception>
    IDatagramReceiver OpenReceiver(ChannelOptions channel, IDatagramReceiver? predecessor);

    /// <exception cref="ChannelSetupException">The interface or the address is not available at the moment.</exception>
    /// <param name="channel">The channel whose stream it is.</param>
    /// <param name="stream">Configuration key of the stream: <c>FullRate</c> or <c>Decimated</c>.</param>
    /// <param name="options">The stream's destination.</param>
    IDatagramSender OpenSender(ChannelOptions channel, string stream, StreamOptions options);
}
