using System.Diagnostics;
using System.Net.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server runs out of file descriptors while its network changes.</summary>
[Platform("Linux")]
public sealed class NoDescriptorServerTests
{
    [Test]
    public void A_server_without_descriptors_keeps_running_and_its_streams_recover() => Wire.Run(1, _ =>
    {
        using var folder = new TempFolder();
        Wire.Ip("route add default via 10.0.0.2");
        using Socket receiver = Udp.Member("239.1.1.2", 6001);
        using Process server = Wire.Start(Path.Combine(AppContext.BaseDirectory, "SpeedData.Server"), "--demo", "--SpeedData:Storage:AvroPath", folder.Path);
        try
        {
            Assert.That(receiver.UntilOneComes(), Is.True, "the stream at first");
            LimitDescriptors(server, "3");
            Wire.Ip("addr add 10.0.0.7/24 dev eth0");
            Wire.Ip("addr flush dev eth0");
            Wire.Ip("addr add 10.0.0.8/24 dev eth0");
            Wire.Ip("link set eth0 down");
            Wire.Ip("link set eth0 up");
            Wire.Ip("route add default via 10.0.0.2");
            Assert.That(server.WaitForExit(1500), Is.False, () => $"the process has ended: {server.StandardOutput.ReadToEnd()} {server.StandardError.ReadToEnd()}");
            LimitDescriptors(server, "20000");
            Assert.That(receiver.UntilOneComes(), Is.True, "the stream once descriptors are available again");
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    });

    private static void LimitDescriptors(Process process, string soft) =>
        Wire.Start("prlimit", "--pid", $"{process.Id}", $"--nofile={soft}:20000").WaitForExit();
}
