using System.Net.Sockets;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server while another process uses its HTTP port.</summary>
[Platform("Linux")]
public sealed class HttpPortTakenTests
{
    [Test]
    public void It_records_all_the_same_and_serves_http_within_two_seconds_of_the_ports_return()
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
    public void An_address_that_can_be_had_is_served_though_another_cannot()
    {
        using TcpListener taken = ApplicationRun.TakePort(out int takenPort);
        int port = LocalPort.Free();
        using var server = new ServerProcess(urls: $"http://127.0.0.1:{takenPort};http://127.0.0.1:{port}");
        server.Start();

        Eventually.True(() => Answers(port), "HTTP answers where it can");
        Assert.That(server.Stop(), Is.Zero);
    }

    private static bool Answers(int port) => LocalHttp.TryGet(port, "/health/live").Contains("live", StringComparison.Ordinal);
}
