using SpeedData.Core.Sockets;

namespace SpeedData.Core.Receive;

/// <summary>
/// The socket of a channel. Only the receive thread calls <see cref="Receive"/> and <see cref="ReceiveQueued"/>, which allocate
/// nothing. Any thread may call the other members until <see cref="IDisposable.Dispose"/>.
/// </summary>
public interface IDatagramReceiver : IDisposable
{
    /// <summary>The socket that it reads; null if it reads none.</summary>
    ReceiveSocket? ReceiveSocket { get; }

    /// <summary>The effective SO_RCVBUF in bytes, without the kernel's doubling.</summary>
    int GrantedBufferBytes { get; }

    /// <summary>The interface on which the group was joined; null if none was joined, or if the routing table chose.</summary>
    InterfaceBinding? Interface { get; }

    /// <summary>
    /// Waits until datagrams arrive, the timeout ends or <see cref="EndWaiting"/> is called.
    /// </summary>
    /// <param name="timeout">The longest wait. <see cref="Timeout.InfiniteTimeSpan"/> waits without a limit and costs least.</param>
    /// <returns>
    /// What arrived, oldest first, valid until the next call; may be empty. After <see cref="EndWaiting"/>, the rest of the queue.
    /// </returns>
    /// <exception cref="System.Net.Sockets.SocketException">The socket can no longer be read.</exception>
    ReadOnlySpan<Burst> Receive(TimeSpan timeout);

    /// <summary>Receives like <see cref="Receive"/>, but never waits. An empty result means that the socket's queue is empty.</summary>
    ReadOnlySpan<Burst> ReceiveQueued();

    /// <summary>
    /// Moves the group membership to the interface that the configuration now means, on the same socket. Queued datagrams stay in
    /// the queue.
    /// </summary>
    /// <exception cref="ChannelSetupException">The interface does not exist at the moment.</exception>
    void Rejoin();

    /// <summary>Ends a waiting <see cref="Receive"/>. Later calls do not wait.</summary>
    void EndWaiting();

    /// <summary>
    /// Stops further datagrams from entering the queue; queued ones stay readable. It connects the socket to an address that nobody
    /// sends from, because shutdown does not stop arrivals on Linux.
    /// </summary>
    void StopAccepting();

    /// <summary>Returns the number of datagrams that the kernel dropped since the socket was opened, because the queue was full.</summary>
    long KernelDrops();
}
