using System.Globalization;
using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Host;

namespace SpeedData.Server.Replaying;

/// <summary>
/// Finds the addresses where recorders on this host receive and send. The kernel's list of sockets shows them
/// (proc(5)), whatever their configuration, even if HTTP does not answer. Linux only; elsewhere it finds none.
/// </summary>
internal sealed class RunningRecorders
{
    private const string Name = "SpeedData.Server";

    private readonly List<UdpSocket> _sockets = [];

    private RunningRecorders()
    {
    }

    public static RunningRecorders Now()
    {
        var found = new RunningRecorders();
        if (!Directory.Exists("/proc/self/fd"))
            return found;
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId && IsRecorder(process) && IsHere(process))
                found.Add(id, process);
        }

        return found;
    }

    /// <summary>Returns why nothing may be sent to an address; null if sending is allowed.</summary>
    public string? Objection(StreamOptions stream, IReadOnlySet<IPAddress> own)
    {
        (IPAddress address, int port) = (stream.Address, stream.Port);
        bool comesHere = stream.IsMulticast() || IPAddress.IsLoopback(address) || own.Contains(address) || address.Equals(IPAddress.Broadcast);
        foreach (UdpSocket socket in _sockets)
        {
            if (!socket.IsConnected && comesHere && socket.LocalPort == port && (socket.Local.Equals(IPAddress.Any) || socket.Local.Equals(address)))
                return $"the running recorder (process {socket.Process}) receives there";
            if (socket.IsConnected && socket.RemotePort == port && socket.Remote.Equals(address))
                return $"the running recorder (process {socket.Process}) sends there";
        }

        return null;
    }

    // A process in another network namespace, such as a container, has other addresses.
    private static bool IsHere(string process) => Namespace(process) is not { } other || other == Namespace("/proc/self");

    private static string? Namespace(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "ns/net")).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Of the commands, only replay opens UDP sockets.
    private static bool IsRecorder(string process)
    {
        string[] arguments = string.Join('\n', HostFiles.Lines(Path.Combine(process, "cmdline"))).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        int own = Array.FindIndex(arguments, argument => Path.GetFileName(argument) is Name or Name + ".dll" or "speeddata");
        if (own < 0)
            return false;
        return arguments.Length == own + 1 || arguments[own + 1] != "replay";
    }

    private void Add(int id, string process)
    {
        HashSet<string>? inodes = Inodes(process);
        string? user = inodes is null ? HostFiles.Lines(Path.Combine(process, "status")).FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal))?.Split('\t')[1] : null;
        foreach (string line in HostFiles.Lines(Path.Combine(process, "net/udp")).Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // The sockets of another user's process are not readable, so all sockets of that user count.
            if (fields.Length > 9 && (inodes?.Contains(fields[9]) ?? fields[7] == user))
                _sockets.Add(UdpSocket.Of(id, fields[1], fields[2]));
        }
    }

    private static HashSet<string>? Inodes(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.Combine(process, "fd")).Select(file => new FileInfo(file).LinkTarget).OfType<string>()
                .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A socket from /proc/net/udp.</summary>
    private sealed record UdpSocket(int Process, IPAddress Local, int LocalPort, IPAddress Remote, int RemotePort)
    {
        public bool IsConnected => RemotePort != 0;

        public static UdpSocket Of(int process, string local, string remote) =>
            new(process, Address(local), Port(local), Address(remote), Port(remote));

        // Hexadecimal, in the machine's byte order.
        private static IPAddress Address(string text) => new(BitConverter.GetBytes(uint.Parse(text.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

        private static int Port(string text) => int.Parse(text.AsSpan(9), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
