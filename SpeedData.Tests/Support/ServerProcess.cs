using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpeedData.Tests.Archive;

namespace SpeedData.Tests.Support;

/// <summary>The real server with one channel and its own folder, optionally below another program, with its log and archives.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string Channel = "alpha";

    private readonly TempFolder _folder = new();
    private readonly Socket _sender = Udp.Sender();
    private readonly Socket _relayed = Udp.Receiver(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _log = new();
    private readonly int _port = Udp.FreePort();
    private Process? _process;
    private long _sent;
    private int? _child;

    /// <param name="archive">Keys of <c>Archive</c>, as JSON without braces.</param>
    /// <param name="storage">Keys of <c>Storage</c>, as JSON without braces.</param>
    /// <param name="urls">Address on which HTTP is served; null for <see cref="HttpPort"/>.</param>
    /// <param name="schema">Path of the schema, relative to <see cref="Folder"/>.</param>
    public ServerProcess(string archive = "", string storage = "", string? urls = null, string schema = "test.avsc")
    {
        if (schema == "test.avsc")
            _folder.Write(schema, TestRecord.Schema);
        Config = _folder.Write("server.json", $$"""
            { "Urls": "{{urls ?? $"http://127.0.0.1:{HttpPort}"}}", "SpeedData": { "Storage": { {{storage}} }, "Channels": [ { "Name": "{{Channel}}", "Port": {{_port}}, "Schema": "{{schema}}",
                "Receive": { "Address": "127.0.0.1" }, "FullRate": { "Address": "127.0.0.1", "Port": {{_relayed.Port()}} }, "Decimated": { "Enabled": false },
                "Archive": { {{archive}} } } ] } }
            """);
    }

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "SpeedData.Server");

    public string Folder => _folder.Path;

    public string Config { get; }

    public int Port => _port;

    /// <summary>Port of HTTP. It opens later than the relay, so wait with <see cref="UntilHttpAnswers"/>.</summary>
    public int HttpPort { get; } = LocalPort.Free();

    /// <summary>Port that the full-rate stream is sent to.</summary>
    public int RelayPort => _relayed.Port();

    public Process Process => _process!;

    public IReadOnlyCollection<string> Log => _log;

    public string DataFolder { get; set; } = "data";

    private string ChannelFolder => Path.Combine(_folder.Path, DataFolder, Channel);

    /// <summary>Starts the server, optionally below a program that runs the rest of its command line.</summary>
    public void Start(params string[] below)
    {
        string[] command = [.. below, Executable, "--config", Config];
        StartExactly(command);
    }

    public void StartExactly(params string[] command)
    {
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Sends records until the server relays one.</summary>
    public void UntilItRelays() => Eventually.True(
        () =>
        {
            Send(1);
            AssertItRuns();
            return Heard() > 0;
        },
        "the server relays");

    /// <summary>Waits until HTTP answers.</summary>
    public void UntilHttpAnswers() => Eventually.True(
        () =>
        {
            AssertItRuns();
            return LocalHttp.TryGet(HttpPort, "/health/live").Contains("live", StringComparison.Ordinal);
        },
        () => $"HTTP answers; the server logs\n{string.Join('\n', _log)}");

    /// <returns>The body of the answer, whatever the status.</returns>
    public string Get(string path) => LocalHttp.Get(HttpPort, path);

    /// <summary>Sends records and waits until the last one is relayed.</summary>
    public void Relay(int records)
    {
        UntilItRelays();
        Send(records);
        Eventually.True(() => Heard() + Relayed.Count > 0 && Relayed[^1] == _sent - 1, "every record is relayed");
    }

    public void Send(int records)
    {
        for (int i = 0; i < records; i++)
            _sender.SendTo(new TestRecord(_sent++, "sent").Encode(), new IPEndPoint(IPAddress.Loopback, _port));
    }

    public void Signal(string name, int? process = null) => Wire.Run("kill", $"-s {name} {process ?? Process.Id}");

    /// <summary>Finds the child process of the started process.</summary>
    public int Child()
    {
        using Process pgrep = Process.Start(new ProcessStartInfo("pgrep", ["--parent", $"{Process.Id}"]) { RedirectStandardOutput = true })!;
        _child = int.Parse(pgrep.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        return _child.Value;
    }

    /// <summary>Sequence numbers of the relayed records, in order.</summary>
    public List<long> Relayed { get; } = [];

    /// <summary>Sequence numbers of the records in finished files, in order.</summary>
    public List<long> Archived() => ArchivedIn(ChannelFolder);

    public static List<long> ArchivedIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.avro").Order(StringComparer.Ordinal).SelectMany(file => new ContainerFile(file).Records()).Select(record => record.Sequence)];

    public IReadOnlyList<string> Files(string pattern) => [.. Directory.Exists(ChannelFolder) ? Directory.EnumerateFiles(ChannelFolder, pattern) : []];

    public void UntilLogged(string text, double seconds = 20) => Eventually.True(() => _log.Any(line => line.Contains(text, StringComparison.Ordinal)), () => $"the log says '{text}'; it says\n{string.Join('\n', _log)}", seconds);

    /// <summary>Asks the server to stop, and waits for its end.</summary>
    public int Stop()
    {
        Signal("TERM");
        return ExitCode();
    }

    public int ExitCode()
    {
        Assert.That(Process.WaitForExit(20_000), Is.True, "the server has not ended");
        Heard();
        return Process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        KillChild();
        _sender.Dispose();
        _relayed.Dispose();
        _folder.Dispose();
    }

    /// <summary>Kills the child process if it has outlived its parent.</summary>
    private void KillChild()
    {
        try
        {
            using Process? child = _child is { } id ? Process.GetProcessById(id) : null;
            // Another process may have the child's ID now. The shell that runs the child also has the folder in its command.
            if (child is not null && File.ReadAllText($"/proc/{child.Id}/cmdline").Contains(Folder, StringComparison.Ordinal))
                child.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            // The child has ended.
        }
    }

    private void AssertItRuns() => Assert.That(_child is null && Process.HasExited, Is.False, () => $"the server has ended: {string.Join('\n', _log)}");

    private int Heard()
    {
        int before = Relayed.Count;
        foreach (byte[] datagram in _relayed.TakeQueued())
        {
            int at = 0;
            Relayed.Add(TestRecord.Decode(datagram, ref at).Sequence);
        }

        return Relayed.Count - before;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _log.Enqueue(line.Data);
    }
}
