using System.Net.Sockets;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server while another process uses its HTTP port.</summary>
[Platform("Linux")]
public sealed class HttpPortTakenTests
{
    [Test]
    public void The_server_records_without_its_http_port_and_serves_http_within_two_seconds_once_it_is_free()
    {
        using TcpListener taken = ApplicationRun.TakePort(out int port);
        using var server = new ServerProcess(urls: $"http://127.0.0.1:{port}");
        server.Start();
        server.Relay(100);
        server.UntilLogged($"HTTP is not served on http://127.0.0.1:{port}");
        taken.Stop();
        Eventually.True(() => Answers(port), "HTTP answers", seconds: 2);
        server.UntilLogged("HTTP is now served on");

        Assert.Multiple(() =>
        {
            Assert.That(server.Stop(), Is.Zero);
            Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty);
        });
    }

    [Test]
    public void A_free_address_is_served_although_another_is_taken()
    {
        using TcpListener taken = ApplicationRun.TakePort(out int takenPort);
        int port = LocalPort.Free();
        using var server = new ServerProcess(urls: $"http://127.0.0.1:{takenPort};http://127.0.0.1:{port}");
        server.Start();

        Eventually.True(() => Answers(port), "HTTP answers on the free address");
        Assert.That(server.Stop(), Is.Zero);
    }

    private static bool Answers(int port) => LocalHttp.TryGet(port, "/health/live").Contains("live", StringComparison.Ordinal);
}
