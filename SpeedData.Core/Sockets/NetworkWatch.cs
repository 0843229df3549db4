using System.Buffers.Binary;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Sockets;

/// <summary>
/// Reports changes of interfaces, IPv4 addresses and routes of this network namespace. On Linux it uses netlink directly: .NET's events
/// do not cover routes, and end the process if they arrive while no descriptor is left.
/// </summary>
public sealed class NetworkWatch : IDisposable
{
    // Changes that belong together, such as an address and its routes, arrive within a few milliseconds.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromSeconds(1);

    private readonly Action<NetworkSnapshot> _changed;
    private readonly Action _first;
    private readonly Action<Exception> _failed;
    private Socket? _news;
    private volatile bool _isDisposed;

    /// <param name="changed">Called after changes, one call at a time, and again a second after it threw.</param>
    /// <param name="first">Called at once with the first of several changes, for urgent work. Must not throw.</param>
    /// <param name="failed">
    /// Receives what <paramref name="changed"/> threw, or why changes cannot be detected; once until it works again.
    /// </param>
    public NetworkWatch(Action<NetworkSnapshot> changed, Action first, Action<Exception> failed)
    {
        _changed = changed;
        _first = first;
        _failed = failed;
        if (OperatingSystem.IsLinux() && TryFollow())
            return;
        // Addresses alone are not enough: an interface may come up without a new one.
        NetworkChange.NetworkAddressChanged += OnChange;
        NetworkChange.NetworkAvailabilityChanged += OnChange;
    }

    public void Dispose()
    {
        _isDisposed = true;
        WakeToTheEnd();
        NetworkChange.NetworkAddressChanged -= OnChange;
        NetworkChange.NetworkAvailabilityChanged -= OnChange;
    }

    /// <summary>
    /// Starts the watching thread. The pool is not used, because there every message would wake two threads, even messages that are
    /// gathered, and a host with containers has hundreds a second.
    /// </summary>
    /// <returns>False if netlink is not allowed, or the thread cannot be started.</returns>
    private bool TryFollow()
    {
        try
        {
            Socket news = _news = NetlinkReader.Open(NetlinkCalls.NetworkGroups);
            OwnedThread.Start("network", () => Follow(news));
            return true;
        }
        catch (Exception e) when (e is IOException or ThreadRoomException)
        {
            _news?.Dispose();
            return false;
        }
    }

    /// <summary>Ends the thread's wait with a request to the kernel: any answer wakes it.</summary>
    private void WakeToTheEnd()
    {
        const int LinkBytes = 16;
        const ushort GetLink = 18, Request = 1;
        var question = new byte[NetlinkReader.HeaderBytes + LinkBytes];
        NetlinkReader.WriteHeader(question, GetLink, Request);
        try
        {
            _news?.Send(question);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The thread has ended, or will end after its longest wait.
        }
    }

    private void Follow(Socket news)
    {
        using Socket toTheEnd = news;
        var buffer = new byte[64 << 10];
        bool isFailing = false;
        var deleted = new HashSet<int>();
        bool hasMissed = false;
        while (!_isDisposed)
        {
            try
            {
                // No event reports when reading works again.
                if (isFailing)
                    Thread.Sleep(RetryAfter);
                else if (news.Poll(LongestWait, SelectMode.SelectRead) && !_isDisposed)
                    hasMissed |= !TryNext(news, buffer, deleted, _first);
                else
                    continue;
                if (!_isDisposed)
                    _changed(new NetworkSnapshot(deleted, hasMissed));
                isFailing = hasMissed = false;
                deleted.Clear();
            }
            catch (Exception e)
            {
                if (!isFailing)
                    Report(e);
                isFailing = true;
            }
        }
    }

    private void Report(Exception e)
    {
        try
        {
            if (!_isDisposed)
                _failed(e);
        }
        catch (Exception)
        {
            // A log that fails too is no reason to end the process.
        }
    }

    /// <summary>Reads a change, and the changes that arrive together with it.</summary>
    /// <returns>False if there were more changes than the socket can hold.</returns>
    private static bool TryNext(Socket news, byte[] buffer, HashSet<int> deleted, Action first)
    {
        try
        {
            Note(buffer.AsSpan(0, news.Receive(buffer)), deleted);
            first();
            // The messages wait in the socket during this pause.
            Thread.Sleep(Gathering);
            while (news.Poll(0, SelectMode.SelectRead))
                Note(buffer.AsSpan(0, news.Receive(buffer)), deleted);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return false;
        }
    }

    /// <summary>Notes which interfaces were deleted: RTM_DELLINK with a struct ifinfomsg.</summary>
    private static void Note(ReadOnlySpan<byte> datagram, HashSet<int> deleted)
    {
        const int LinkBytes = 16, IndexAt = 4;
        const ushort DeleteLink = 17;
        var reader = new NetlinkReader(datagram);
        while (reader.MoveNext())
        {
            if (reader.Type == DeleteLink && reader.Body.Length >= LinkBytes)
                deleted.Add(BinaryPrimitives.ReadInt32LittleEndian(reader.Body[IndexAt..]));
        }
    }

    private void OnChange(object? sender, EventArgs e)
    {
        try
        {
            if (!_isDisposed)
                _changed(new NetworkSnapshot(new HashSet<int>(), hasMissed: true));
        }
        catch (Exception thrown)
        {
            _failed(thrown);
        }
    }
}
