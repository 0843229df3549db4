using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SpeedData.Tests.Support;

/// <summary>
/// Two hosts on one machine. The calling thread becomes this host, with <c>eth0</c>, <c>eth1</c> … in 10.0.n.1/24. The other host
/// has the other ends, <c>dev0</c>, <c>dev1</c> …, and counts all packets on the wire. Needs Linux, root and
/// iproute2.
/// </summary>
internal sealed class Wire : IDisposable
{
    // linux/if_ether.h, linux/if_packet.h
    private const int EveryProtocol = 0x0003, PacketFamily = 17;
    private const int ProtocolAt = 12, HopsAt = 22, IpProtocolAt = 23, TargetAt = 30;

    private readonly BlockingCollection<Action> _work = [];
    private readonly int _otherHost;
    private readonly List<Socket> _captures = [];
    private readonly Thread _other;
    private readonly byte[] _frame = new byte[65536];
    private readonly int _interfaces;

    private Wire(int interfaces)
    {
        _interfaces = interfaces;
        var ready = new TaskCompletionSource<int>();
        var wired = new ManualResetEventSlim();
        Exception? failure = null;
        // The other host exists as long as this thread, which owns the network namespace.
        _other = new Thread(() =>
        {
            try
            {
                OwnNetwork.Enter();
                ready.SetResult(gettid());
                wired.Wait();
                for (int i = 0; i < interfaces; i++)
                {
                    Run("ip", $"addr add 10.0.{i}.2/24 dev dev{i}");
                    Run("ip", $"link set dev{i} up");
                    _captures.Add(Capture($"dev{i}"));
                }
            }
            catch (Exception e)
            {
                failure = e;
                ready.TrySetException(e);
            }

            ready = null!;
            _isReady.Set();
            foreach (Action work in _work.GetConsumingEnumerable())
                work();
        });
        _other.Start();
        _otherHost = ready.Task.GetAwaiter().GetResult();
        for (int i = 0; i < interfaces; i++)
            AddInterface(i, _otherHost);
        wired.Set();
        _isReady.Wait();
        if (failure is not null)
            throw new InvalidOperationException("the other host could not be made", failure);
    }

    private readonly ManualResetEventSlim _isReady = new();

    /// <summary>Runs an action on a host with this number of interfaces, on a thread of its own.</summary>
    public static void Run(int interfaces, Action<Wire> action) => OwnNetwork.Run(() =>
    {
        if (!CanRun("ip", "-Version"))
            Assert.Ignore("needs ip (Debian: iproute2)");
        using var wire = new Wire(interfaces);
        action(wire);
    });

    /// <summary>Runs <c>ip</c> on this host. Call it on this host's thread.</summary>
    public static void Ip(string arguments) => Run("ip", arguments);

    /// <summary>Starts a program on this host. Call it on this host's thread.</summary>
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Creates a deleted interface again, with both its ends.</summary>
    public void AddInterface(int number)
    {
        AddInterface(number, _otherHost);
        OnOther(() =>
        {
            Run("ip", $"addr add 10.0.{number}.2/24 dev dev{number}");
            Run("ip", $"link set dev{number} up");
        });
    }

    /// <summary>Sends the next records to a group from the other host, through its end of this interface.</summary>
    public void Send(int number, string group, ServerOnWire server, int count) => OnOther(() =>
    {
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Parse($"10.0.{number}.2"), 0));
        sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Parse($"10.0.{number}.2").GetAddressBytes());
        server.Send(sender, new IPEndPoint(IPAddress.Parse(group), ServerOnWire.Port), count);
    });

    private void OnOther(Action action)
    {
        var done = new TaskCompletionSource();
        _work.Add(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs a program on the other host and waits until it ends.</summary>
    public void OnOther(string program, string arguments) => Run("nsenter", $"-t {_otherHost} -n {program} {arguments}");

    /// <summary>Starts a program on the other host.</summary>
    public Process StartOnOther(string program, params string[] arguments) =>
        Start("nsenter", ["-t", $"{_otherHost}", "-n", program, .. arguments]);

    /// <summary>Counts the UDP datagrams to multicast groups since the last call, by remaining hops.</summary>
    public IReadOnlyDictionary<int, int> TakeMulticast()
    {
        var counts = new Dictionary<int, int>();
        foreach (Socket capture in _captures)
        {
            while (capture.Poll(20_000, SelectMode.SelectRead))
            {
                int length = capture.Receive(_frame, SocketFlags.None, out SocketError error);
                // A device that goes down reports one error; later packets still arrive.
                if (error == SocketError.Success && IsMulticastDatagram(_frame.AsSpan(0, length)))
                    counts[_frame[HopsAt]] = counts.GetValueOrDefault(_frame[HopsAt]) + 1;
            }
        }

        return counts;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _other.Join();
        _captures.ForEach(c => c.Dispose());
    }

    internal static void Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {arguments}: {errors}");
    }

    private static bool CanRun(string program, string arguments)
    {
        try
        {
            Run(program, arguments);
            return true;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    private static void AddInterface(int number, int otherHost)
    {
        Run("ip", $"link add eth{number} type veth peer name dev{number} netns {otherHost}");
        Run("ip", $"addr add 10.0.{number}.1/24 dev eth{number}");
        Run("ip", $"link set eth{number} up");
    }

    private static bool IsMulticastDatagram(ReadOnlySpan<byte> frame) =>
        frame.Length > TargetAt + 4 && frame[ProtocolAt] == 8 && frame[ProtocolAt + 1] == 0 && frame[IpProtocolAt] == (int)ProtocolType.Udp && (frame[TargetAt] & 0xF0) == 0xE0;

    private static Socket Capture(string device)
    {
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)IPAddress.HostToNetworkOrder((short)EveryProtocol)) { ReceiveBufferSize = 16 << 20 };
        socket.Bind(new DeviceEndPoint(if_nametoindex(device)));
        return socket;
    }

    /// <summary>struct sockaddr_ll of linux/if_packet.h.</summary>
    private sealed class DeviceEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            address[0] = PacketFamily;
            address[3] = EveryProtocol;
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }

#pragma warning disable SYSLIB1054, CA5392, IDE1006, CA2101 // two calls of libc by their own names; the generator would want unsafe code
    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int gettid();

    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int if_nametoindex([System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string name);
#pragma warning restore SYSLIB1054, CA5392, IDE1006, CA2101
}
