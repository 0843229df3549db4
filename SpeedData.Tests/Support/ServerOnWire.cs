using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeedData.Server.Demo;

namespace SpeedData.Tests.Support;

/// <summary>
/// The real server on the host of a <see cref="Wire"/>, with a channel <c>x</c> of the example schema. Call everything
/// on the host's thread, which owns the network namespace.
/// </summary>
internal sealed class ServerOnWire : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly byte[] _record = new byte[DemoSignal.MaxBytes];
    private readonly StringBuilder _log = new();
    private int _counter;

    /// <param name="channel">Further keys of the channel, in addition to name, port and schema, as JSON.</param>
    /// <param name="others">Keys of other channels, without their schema, as JSON.</param>
    public ServerOnWire(string channel, params IEnumerable<string> others)
    {
        var keys = JsonNode.Parse(channel)!.AsObject();
        keys["Name"] = "x";
        keys[nameof(Port)] = Port;
        JsonObject[] channels = [keys, .. others.Select(other => JsonNode.Parse(other)!.AsObject())];
        foreach (JsonObject each in channels)
            each["Schema"] = Path.Combine(AppContext.BaseDirectory, "schemas", "example.avsc");
        var config = new JsonObject
        {
            ["Urls"] = "http://127.0.0.1:8080",
            ["SpeedData"] = new JsonObject { ["Storage"] = new JsonObject { ["AvroPath"] = _folder.Path }, ["Channels"] = new JsonArray(channels) },
        };
        string file = _folder.Write("config.json", config.ToJsonString());
        _process = Wire.Start(Path.Combine(AppContext.BaseDirectory, "SpeedData.Server"), "--config", file);
        // Reads all output, so that a full pipe never blocks the server.
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            Eventually.True(() => Get("/health/ready") is { } answer && !answer.Contains("starting", StringComparison.Ordinal), "the channel was started", seconds: 30);
        }
        catch (Exception)
        {
            // Nobody disposes of an object whose constructor throws, so the server is ended here.
            Dispose();
            throw;
        }
    }

    public static int Port => 26000;

    /// <summary>Number of records that were sent.</summary>
    public int Sent => _counter;

    /// <summary>All log lines of the server.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>The channel, as the API shows it.</summary>
    public JsonNode Channel => ChannelOf("x");

    /// <summary>Number of datagrams that the channel took from the socket.</summary>
    public long Received => Channel["counters"]!["received"]!.GetValue<long>();

    /// <summary>Number of datagrams that the named channel took from the socket.</summary>
    public static long ReceivedBy(string name) => ChannelOf(name)["counters"]!["received"]!.GetValue<long>();

    /// <summary>A part of the channel: <c>receive</c>, <c>archive</c>, <c>full</c> or <c>decimated</c>.</summary>
    public JsonNode? Part(string name) => Channel["parts"]![name];

    public bool IsUp(string part) => Part(part)!["up"]!.GetValue<bool>();

    /// <summary>Address and interface on which the named channel receives.</summary>
    public static string? WhereOf(string name) => ChannelOf(name)["parts"]!["receive"]!["where"]?.GetValue<string>();

    /// <summary>Answer of the readiness endpoint.</summary>
    public JsonNode Readiness => JsonNode.Parse(Get("/health/ready")!)!;

    /// <summary>Sends the next records with the given socket.</summary>
    public void Send(Socket from, EndPoint to, int count)
    {
        for (int i = 0; i < count; i++, _counter++)
        {
            int length = DemoSignal.Encode(_record, _counter, _counter, 0);
            from.SendTo(_record.AsSpan(0, length), to);
            // Pauses regularly, so that the socket's queue never overflows.
            if (i % 50 == 49)
                Thread.Sleep(1);
        }
    }

    /// <summary>Sends the next records to the channel on loopback.</summary>
    public void Send(int count)
    {
        using Socket sender = Udp.Sender();
        Send(sender, new IPEndPoint(IPAddress.Loopback, Port), count);
    }

    public void AllAreReceived() => Eventually.True(() => Received == _counter, () => $"{_counter} received: {Channel}");

    /// <summary>Asserts that all sent records were received and are in one file, without a restart.</summary>
    public void AssertNothingIsMissing()
    {
        AllAreReceived();
        JsonNode counters = Channel["counters"]!;
        Stop();
        Assert.Multiple(() =>
        {
            Assert.That(counters["restarts"]!.GetValue<long>(), Is.Zero, "restarts");
            Assert.That(Directory.GetFiles(Path.Combine(_folder.Path, "x"), "*.avro"), Has.Length.EqualTo(1), "files");
        });
    }

    /// <summary>Stops the server as an operator does.</summary>
    public void Stop()
    {
        using Process kill = Wire.Start("kill", "-TERM", $"{_process.Id}");
        kill.WaitForExit();
        Assert.That(_process.WaitForExit(20_000), Is.True, "the server ends");
        Assert.That(_process.ExitCode, Is.Zero, "exit code");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static JsonNode ChannelOf(string name) => JsonNode.Parse(Get($"/api/v1/channels/{name}")!)!;

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.AppendLine(line.Data);
    }

    /// <returns>The body, or null if no server answers.</returns>
    private static string? Get(string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        try
        {
            socket.Connect(IPAddress.Loopback, 8080);
            socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\n\r\n"));
            using var answer = new MemoryStream();
            var buffer = new byte[65536];
            for (int length = socket.Receive(buffer); length > 0; length = socket.Receive(buffer))
                answer.Write(buffer, 0, length);
            string text = Encoding.UTF8.GetString(answer.ToArray());
            return text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
