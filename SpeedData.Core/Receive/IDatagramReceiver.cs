using SpeedData.Core.Sockets;

namespace SpeedData.Core.Receive;

/// <summary>
/// The socket of a channel. <see cref="Receive"/> and <see cref="ReceiveQueued"/> belong to the receive thread and
/// allocate nothing; the other members may be called from any thread until <see cref="IDisposable.Dispose"/>.
/// </summary>
public interface IDatagramReceiver : IDisposable
{
    /// <summary>SO_RCVBUF in force, in bytes, without the kernel's doubling.</summary>
    int GrantedBufferBytes { get; }

    /// <summary>The interface the group was joined on; null without a join or where the routing table chose.</summary>
    InterfaceBinding? Interface { get; }

    /// <summary>
    /// Waits until datagrams are there, the time is over or <see cref="EndWaiting"/> was called.
    /// </summary>
    /// <param name="timeout">Longest wait; <see cref="Timeout.InfiniteTimeSpan"/>, which costs least, for none.</param>
    /// <returns>What arrived, oldest first, valid until the next call; may be empty, and is when there is nothing after <see cref="EndWaiting"/>.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The socket can no longer be read.</exception>
    ReadOnlySpan<Burst> Receive(TimeSpan timeout);

    /// <summary>As <see cref="Receive"/>, but never waits: empty means that the socket's queue is empty.</summary>
    ReadOnlySpan<Burst> ReceiveQueued();

    /// <summary>
    /// Moves the membership in the group to the interface that the configuration means now, on the same socket. Datagrams in
    /// the queue stay there.
    /// </summary>
    /// <exception cref="ChannelSetupException">There is no such interface at the moment.</exception>
    void Rejoin();

    /// <summary>Ends a waiting <see cref="Receive"/>; from now on none waits.</summary>
    void EndWaiting();

    /// <summary>
    /// Lets no further datagram into the queue; what is queued stays readable. (The socket is connected to an address
    /// nobody sends from: on Linux shutdown does not stop arrivals.)
    /// </summary>
    void StopAccepting();

    /// <summary>Datagrams the kernel dropped because the queue was full, since the socket was opened.</summary>
    long KernelDrops();
}
