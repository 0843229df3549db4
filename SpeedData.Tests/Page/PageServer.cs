using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>The real server on loopback, with channels of <see cref="PageRecord"/>. The test receives the full-rate stream.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _sender = Udp.Sender();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _config;
    private readonly string[] _schemas;
    private readonly Dictionary<string, int> _ports = [];
    private readonly int _http = LocalPort.Free();
    private Process? _process;

    /// <param name="channels">Names of the channels; <c>example</c> gets the schema of the example.</param>
    /// <param name="keys">Further keys of <c>SpeedData</c>, as JSON.</param>
    /// <param name="channelKeys">Further keys of each channel, as JSON.</param>
    /// <param name="schema">Schema of the channels; null for that of <see cref="PageRecord"/>.</param>
    /// <param name="older">A second schema, for devices that are not updated yet.</param>
    public PageServer(string[] channels, string keys = "{}", string channelKeys = "{}", string? schema = null, string? older = null)
    {
        _folder.Write("page.avsc", schema ?? PageRecord.Schema);
        if (older is not null)
            _folder.Write("older.avsc", older);
        _schemas = older is null ? ["page.avsc"] : ["page.avsc", "older.avsc"];
        JsonObject speedData = JsonNode.Parse(keys)!.AsObject();
        speedData["Storage"] = new JsonObject { ["AvroPath"] = "data" };
        speedData["Channels"] = new JsonArray([.. channels.Select(name => Channel(name, channelKeys))]);
        _config = _folder.Write("config.json", new JsonObject { ["Urls"] = Address.TrimEnd('/'), ["SpeedData"] = speedData }.ToJsonString());
    }

    /// <summary>Receives the full-rate stream of the first channel.</summary>
    public Socket Relayed { get; } = Udp.Receiver(IPAddress.Loopback, 0);

    public string Address => $"http://127.0.0.1:{_http}/";

    public int HttpPort => _http;

    public string Folder => _folder.Path;

    public int ProcessId => _process!.Id;

    public void Start(params string[] more)
    {
        _process = Process.Start(new ProcessStartInfo(ServerProcess.Executable, ["--config", _config, .. more]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Eventually.True(() => LocalHttp.TryGet(_http, "/health/ready").Contains("\"ready\"", StringComparison.Ordinal), () => $"the server is ready; it says\n{string.Join('\n', _log)}");
    }

    public void Send(string channel, PageRecord record) => Send(channel, record.Encode());

    public void Send(string channel, byte[] datagram) => _sender.SendTo(datagram, new IPEndPoint(IPAddress.Loopback, _ports[channel]));

    /// <summary>Kills the server, so that it cannot write what is in memory.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Signal(string name) => Wire.Run("kill", $"-s {name} {ProcessId}");

    public JsonNode Json(string path) => JsonNode.Parse(LocalHttp.Get(_http, path))!;

    public void Dispose()
    {
        if (_process is not null)
            Kill();
        _sender.Dispose();
        Relayed.Dispose();
        _folder.Dispose();
    }

    private JsonObject Channel(string name, string keys)
    {
        JsonObject channel = JsonNode.Parse(keys)!.AsObject();
        channel["Name"] = name;
        channel["Port"] = _ports[name] = Udp.FreePort();
        channel["Schema"] = new JsonArray([.. name == "example" ? [Path.Combine(AppContext.BaseDirectory, "schemas", "example.avsc")] : _schemas]);
        channel["Receive"] ??= JsonNode.Parse("""{ "Address": "127.0.0.1", "BufferBytes": "1 MiB" }""");
        channel["FullRate"] = JsonNode.Parse(_ports.Count == 1 ? $$"""{ "Address": "127.0.0.1", "Port": {{Relayed.Port()}} }""" : """{ "Enabled": false }""");
        channel["Decimated"] ??= JsonNode.Parse("""{ "Enabled": false }""");
        return channel;
    }
}
