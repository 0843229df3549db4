using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpeedData.Server.Demo;
using SpeedData.Tests.Schema;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server with a stream to one host, which goes off and on, or to the broadcast address of a network.</summary>
[Platform("Linux")]
public sealed class UnicastServerTests
{
    private const int Port = 26000, FullPort = 6000;

    // 4 s on a machine that is not busy. The kernel alone would take 30 s.
    private const int Soon = 20;

    [Test]
    public void A_host_that_is_off_is_reported_without_flapping_and_so_is_its_return() => Wire.Run(1, wire =>
    {
        using var server = new WiredServer(Stream("10.0.0.7"));
        using var load = new Load();
        Assert.That(server.Until(isUp: false), Is.LessThan(Soon), "seconds until the host is reported as off");
        Assert.That(server.StaysDown(seconds: 7), Is.True, "errors arrive in intervals of 3 s");
        Assert.That(server.Why(), Does.Contain("10.0.0.7").And.Contain("EHOSTUNREACH"));
        wire.OnOther("ip", "addr add 10.0.0.7/24 dev dev0");
        // Nobody listens there, and the channel reports it.
        Eventually(() => server.Why()?.Contains("nobody listens", StringComparison.Ordinal) == true);
        using Process receiver = wire.StartOnOther("python3", "-c", "import socket,time; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('10.0.0.7',6000)); time.sleep(60)");
        try
        {
            Assert.That(server.Until(isUp: true), Is.LessThan(Soon), "seconds until the host is reported as back, including the start of the receiver");
        }
        finally
        {
            receiver.Kill();
        }

        Assert.That(server.Until(isUp: false), Is.LessThan(Soon), "seconds until the missing receiver is reported");
    });

    [Test]
    public void A_host_that_answered_and_goes_off_is_reported_soon_with_the_documented_settings() => Wire.Run(1, wire =>
    {
        foreach ((string file, string value) in DocumentedSettings())
            File.WriteAllText(file, value);
        wire.OnOther("ip", "addr add 10.0.0.7/24 dev dev0");
        using Process receiver = wire.StartOnOther("python3", "-c", "import socket,time; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('0.0.0.0',6000)); time.sleep(60)");
        try
        {
            using var server = new WiredServer(Stream("10.0.0.7"));
            using var load = new Load();
            server.Until(isUp: true);
            wire.OnOther("ip", "addr del 10.0.0.7/24 dev dev0");
            Assert.That(server.Until(isUp: false), Is.LessThan(Soon), "seconds until the host is reported as off");
            Assert.That(server.Why(), Does.Contain("10.0.0.7").And.Contain("EHOSTUNREACH"));
        }
        finally
        {
            receiver.Kill();
        }
    });

    [Test]
    public void A_broadcast_address_gets_the_stream() => Wire.Run(1, _ =>
    {
        using Socket here = Udp.Receiver(IPAddress.Any, FullPort);
        using var server = new WiredServer(Stream("10.0.0.255"));
        using var load = new Load();
        Assert.That(server.Until(isUp: true), Is.LessThan(Soon));
        Assert.That(here.UntilOneComes(), Is.True, "the kernel delivers a broadcast to this host too");
    });

    [Test]
    public void A_stream_is_paused_while_a_change_of_the_host_leads_it_into_its_own_input() => Wire.Run(1, wire =>
    {
        wire.OnOther("ip", "addr add 10.0.0.7/24 dev dev0");
        using var server = new WiredServer($$"""{ "Address": "10.0.0.7", "Port": {{Port}} }""", receive: "0.0.0.0");
        using var load = new Load();
        Eventually(() => server.Why()?.Contains("nobody listens", StringComparison.Ordinal) == true);
        Wire.Ip("addr add 10.0.0.7/32 dev lo");
        Eventually(() => server.Why()?.Contains("this stream feeds channel x", StringComparison.Ordinal) == true);
        Wire.Ip("addr del 10.0.0.7/32 dev lo");
        Eventually(() => server.Why()?.Contains("feeds", StringComparison.Ordinal) != true);
    });

    /// <summary>Returns the files of this host's kernel settings, and what operating.md writes into them.</summary>
    private static (string File, string Value)[] DocumentedSettings()
    {
        string text = File.ReadAllText(Schemas.RepositoryFile("docs/operating.md"));
        (string, string)[] settings = [.. Regex.Matches(text, @"net\.ipv4\.neigh\.eth0\.(\w+)=(\d+)").Select(m => ($"/proc/sys/net/ipv4/neigh/eth0/{m.Groups[1].Value}", m.Groups[2].Value))];
        Assert.That(settings, Has.Length.EqualTo(4));
        return settings;
    }

    private static string Stream(string address) => $$"""{ "Address": "{{address}}", "Port": {{FullPort}} }""";

    private static void Eventually(Func<bool> condition) => Support.Eventually.True(condition, "the other reason");

    /// <summary>The server with one channel on loopback. The test reads its state over HTTP, on the host of the calling thread.</summary>
    private sealed class WiredServer : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly Process _server;

        public WiredServer(string fullRate, string receive = "127.0.0.1")
        {
            string schema = TestChannels.ExampleSchema;
            string config = _folder.Write("c.json", $$"""
                { "SpeedData": { "Channels": [ { "Name": "x", "Port": {{Port}}, "Schema": "{{schema}}", "Receive": { "Address": "{{receive}}" },
                  "FullRate": {{fullRate}}, "Decimated": { "Enabled": false } } ] } }
                """);
            _server = Wire.Start(Path.Combine(AppContext.BaseDirectory, "SpeedData.Server"), "--config", config, "--SpeedData:Storage:AvroPath", Path.Combine(_folder.Path, "data"));
            try
            {
                Eventually(() => Full() is not null);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>Waits until the stream is up or down, and returns the seconds that this took.</summary>
        public double Until(bool isUp)
        {
            var clock = Stopwatch.StartNew();
            Eventually(() => Full()!.Value.GetProperty("up").GetBoolean() == isUp);
            return clock.Elapsed.TotalSeconds;
        }

        /// <summary>Checks repeatedly for the given time. No event could end this wait earlier.</summary>
        public bool StaysDown(double seconds)
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; Thread.Sleep(20))
            {
                if (Full()!.Value.GetProperty("up").GetBoolean())
                    return false;
            }

            return true;
        }

        public string? Why() => Full()!.Value.GetProperty("why").GetString();

        public void Dispose()
        {
            _server.Kill();
            _server.WaitForExit();
            _server.Dispose();
            _folder.Dispose();
        }

        private static JsonElement? Full()
        {
            using Process curl = Wire.Start("curl", "-s", "-m", "2", "http://127.0.0.1:8080/api/v1/channels/x");
            string answer = curl.StandardOutput.ReadToEnd();
            curl.WaitForExit();
            return curl.ExitCode == 0 ? JsonDocument.Parse(answer).RootElement.GetProperty("parts").GetProperty("full") : null;
        }
    }

    /// <summary>Sends a thousand records per second from the host of the thread that creates the load.</summary>
    private sealed class Load : IDisposable
    {
        private readonly Socket _sender = Udp.Sender();
        private readonly Thread _thread;
        private volatile bool _isEnding;

        public Load()
        {
            _thread = new Thread(() =>
            {
                var record = new byte[DemoSignal.MaxBytes];
                // The pause sets the rate of the load.
                for (int i = 0; !_isEnding; i++, Thread.Sleep(1))
                    _sender.SendTo(record.AsSpan(0, DemoSignal.Encode(record, i, i, 0)), new IPEndPoint(IPAddress.Loopback, Port));
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _isEnding = true;
            _thread.Join();
            _sender.Dispose();
        }
    }
}
