using System.Globalization;
using System.Net;
using SpeedData.Core.Native;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>
/// Judges whether a host receives what is sent to it. The kernel reports losses late, from ICMP and ARP, and one report means
/// many. So this is inferred: after an error, nothing counts as sent until two seconds have passed without another. Sending continues,
/// because otherwise nobody would notice that the host is back.
/// </summary>
public sealed class Reachability : IDisposable
{
    private const long ErrorFreeMs = 2000;
    private const int LookEveryMs = 100;

    private readonly string _key;
    private readonly IPEndPoint _host;
    private readonly Func<bool> _isSilent;
    private readonly Timer _look;
    private long _lastError, _lastSent, _sinceTicks;
    private volatile int _errno;

    /// <param name="stream">Configuration key of the stream.</param>
    /// <param name="host">The destination.</param>
    public Reachability(string stream, IPEndPoint host)
        : this(stream, host, () => NextHop.IsSilent(host.Address))
    {
    }

    /// <param name="stream">Configuration key of the stream.</param>
    /// <param name="host">The destination.</param>
    /// <param name="isSilent">
    /// Whether the next host on the way is known not to answer. Errors then come at intervals of three seconds.
    /// </param>
    internal Reachability(string stream, IPEndPoint host, Func<bool> isSilent)
    {
        (_key, _host, _isSilent) = (stream, host, isSilent);
        _look = new Timer(_ => Look(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Any thread: since when and why nothing arrives there; null while no fault is known.</summary>
    public Unreachable? Unreachable => _errno is not 0 and var errno
        ? new Unreachable(new DateTimeOffset(Volatile.Read(ref _sinceTicks), TimeSpan.Zero), Describe(errno))
        : null;

    /// <summary>Whether a socket's error concerns an earlier datagram that did not arrive.</summary>
    public static bool Concerns(int errno) => errno is Errno.ConnectionRefused or Errno.HostUnreachable or Errno.NetUnreachable or Errno.HostDown or Errno.NotOnNetwork or Errno.NoProtocolOption;

    /// <summary>The sending thread: notes an error that the kernel reported.</summary>
    public void Note(int errno)
    {
        if (!Concerns(errno))
            return;
        Volatile.Write(ref _lastError, Environment.TickCount64);
        if (_errno == 0)
        {
            Volatile.Write(ref _sinceTicks, DateTime.UtcNow.Ticks);
            _look.Change(LookEveryMs, LookEveryMs);
        }

        _errno = errno;
    }

    /// <summary>The sending thread: decides how to count datagrams that the kernel accepted, from what is known of the host.</summary>
    public SendTally Judge(SendTally tally)
    {
        if (_errno == 0)
            return tally;
        if (tally.Sent > 0)
            Volatile.Write(ref _lastSent, Environment.TickCount64);
        return new SendTally(0, tally.Sent + tally.Errors);
    }

    public void Dispose() => _look.Dispose();

    /// <summary>Checks for a silent host. Silence is meaningful only after something was sent.</summary>
    private void Look()
    {
        long lastError = Volatile.Read(ref _lastError);
        if (Environment.TickCount64 - lastError < ErrorFreeMs || Volatile.Read(ref _lastSent) <= lastError || _isSilent())
            return;
        _look.Change(Timeout.Infinite, Timeout.Infinite);
        _errno = 0;
    }

    private string Describe(int errno)
    {
        string why = errno == Errno.ConnectionRefused
            ? string.Create(CultureInfo.InvariantCulture, $"the host refuses: nobody listens there on port {_host.Port}")
            : $"the host cannot be reached, {Errno.Text(errno)}";
        return $"{_key}:Address = {_host.Address}: {why}; sending continues, and counts as errors until two seconds pass without an error";
    }
}

/// <summary>A known fault of a host.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Why">The reason in one line.</param>
public sealed record Unreachable(DateTimeOffset Since, string Why);
