using System.Net.NetworkInformation;
using System.Net.Sockets;
using SpeedData.Core.Native;

namespace SpeedData.Core.Sockets;

/// <summary>
/// Reports that an interface, an IPv4 address or a route of this network namespace has changed. On Linux by netlink itself:
/// .NET's own events know no routes, and end the process if they come while no descriptor is left.
/// </summary>
public sealed class NetworkWatch : IDisposable
{
    // What belongs together, an address and its routes say, comes within a few milliseconds.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Action _changed;
    private readonly Action<Exception> _failed;
    private readonly Socket? _news;
    private volatile bool _isDisposed;

    /// <param name="changed">Called after changes, on a thread of the pool, one call at a time; again a second after it threw.</param>
    /// <param name="failed">Gets what <paramref name="changed"/> threw or what keeps changes from being seen; once until it works again.</param>
    public NetworkWatch(Action changed, Action<Exception> failed)
    {
        _changed = changed;
        _failed = failed;
        if (OperatingSystem.IsLinux() && NetlinkCalls.Open(NetlinkCalls.NetworkGroups) is >= 0 and var fd)
        {
            _news = new Socket(new SafeSocketHandle(fd, ownsHandle: true));
            _ = FollowAsync(_news);
        }
        else
        {
            // Addresses alone are not enough: an interface may come up without a new one.
            NetworkChange.NetworkAddressChanged += OnChange;
            NetworkChange.NetworkAvailabilityChanged += OnChange;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _news?.Dispose();
        NetworkChange.NetworkAddressChanged -= OnChange;
        NetworkChange.NetworkAvailabilityChanged -= OnChange;
    }

    private async Task FollowAsync(Socket news)
    {
        var buffer = new byte[64 << 10];
        bool isFailing = false;
        while (!_isDisposed)
        {
            try
            {
                if (isFailing)
                    await Task.Delay(RetryAfter).ConfigureAwait(false);
                else
                    await NextAsync(news, buffer).ConfigureAwait(false);
                if (!_isDisposed)
                    _changed();
                isFailing = false;
            }
            catch (Exception e)
            {
                if (!isFailing && !_isDisposed)
                    _failed(e);
                isFailing = true;
            }
        }
    }

    private static async Task NextAsync(Socket news, byte[] buffer)
    {
        try
        {
            await news.ReceiveAsync(buffer).ConfigureAwait(false);
            await Task.Delay(Gathering).ConfigureAwait(false);
            while (news.Poll(0, SelectMode.SelectRead))
                news.Receive(buffer);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            // More changes than the socket holds: what they were does not matter.
        }
    }

    private void OnChange(object? sender, EventArgs e)
    {
        try
        {
            if (!_isDisposed)
                _changed();
        }
        catch (Exception thrown)
        {
            _failed(thrown);
        }
    }
}
