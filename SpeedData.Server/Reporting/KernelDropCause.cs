using SpeedData.Core.Sockets;

namespace SpeedData.Server.Reporting;

/// <summary>
/// Names the cause of the kernel's latest drops, from its counts for the whole host. One thread.
/// </summary>
internal sealed class KernelDropCause(Func<HostUdpErrors?> read)
{
    // A socket reports its drops with its next datagram, so they may appear one check after the host's counts.
    private HostUdpErrors? _before = read(), _last, _now;

    /// <summary>
    /// Whether any socket of this host may have dropped a datagram since the previous check. Asking each of a thousand quiet
    /// sockets costs more than the rest of a check.
    /// </summary>
    public bool MayHaveDropped => _now is null || _now.Value.All != _last?.All;

    /// <summary>Reads the counts for a new check.</summary>
    public void Look()
    {
        _before = _last ?? _before;
        _last = _now;
        _now = read();
    }

    /// <summary>Returns the cause of drops that were found in this check, and a remedy.</summary>
    /// <param name="bufferBytes">The size of the socket's receive buffer.</param>
    public string Text(int? bufferBytes)
    {
        long full = (_now?.QueueFull - _before?.QueueFull) ?? 0, damaged = (_now?.Damaged - _before?.Damaged) ?? 0;
        return (full > 0, damaged > 0) switch
        {
            (true, false) => $"the socket's buffer of {bufferBytes:N0} bytes was full; a larger Receive:BufferBytes (and net.core.rmem_max) may help",
            (false, true) => $"they were damaged (wrong checksum; {damaged:N0} on the host just now): look at cables, network cards and the sender; a larger buffer does not help",
            (true, true) => $"the host has just counted {full:N0} datagrams that found a full buffer and {damaged:N0} damaged ones (wrong checksum); this socket's buffer has {bufferBytes:N0} bytes",
            _ => $"the kernel does not say why: either a full buffer (this socket's has {bufferBytes:N0} bytes) or damage; see speeddata_host_udp_errors_total",
        };
    }
}
