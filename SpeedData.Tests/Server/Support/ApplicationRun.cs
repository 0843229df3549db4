using System.Net;
using System.Net.Sockets;
using SpeedData.Server;

namespace SpeedData.Tests.Server.Support;

/// <summary>Runs the application in this process, with a folder of its own and channels that do nothing.</summary>
internal sealed class ApplicationRun : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public ApplicationRun()
    {
        Folder = Directory.CreateTempSubdirectory("speeddata-").FullName;
        File.Copy(TestChannels.ExampleSchema, Path.Combine(Folder, "example.avsc"));
    }

    public string Folder { get; }

    public FakeChannelHost Host { get; } = new();

    public RecordingLog Log { get; } = new();

    /// <summary>First address that the application listens on, or empty. Fails if the application ends before it listens.</summary>
    public Task<string> Listening => _listening.Task;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Writes a configuration file with one channel and with HTTP on a free port, and returns its path.</summary>
    public string Config(string urls = "http://127.0.0.1:0", string channel = "example", string schema = "example.avsc", string more = "")
    {
        string path = Path.Combine(Folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, $$"""
            { "Urls": "{{urls}}", "SpeedData": { {{more}} "Channels": [ { "Name": "{{channel}}", "Port": 26000, "Schema": "{{schema}}", "Receive": { "Address": "127.0.0.1", "BufferBytes": "64 KiB" } } ] } }
            """);
        return path;
    }

    public async Task<int> RunAsync(params string[] args)
    {
        var environment = new ApplicationEnvironment
        {
            Output = _output,
            Error = _error,
            Stop = _stop.Token,
            Log = Log,
            Channels = (options, _, _) => Fill(Host, options.Channels.Select(c => TestChannels.Active(c))),
            Listening = urls => _listening.TrySetResult(urls.FirstOrDefault() ?? ""),
        };
        int exitCode = await Application.RunAsync(args, environment);
        _listening.TrySetException(new InvalidOperationException($"ended with {exitCode} before it listened: {Error}"));
        return exitCode;
    }

    public Task StopAsync() => _stop.CancelAsync();

    public void Dispose()
    {
        _stop.Dispose();
        _output.Dispose();
        _error.Dispose();
        Log.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Takes a TCP port until the listener is disposed.</summary>
    public static TcpListener TakePort(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static FakeChannelHost Fill(FakeChannelHost host, IEnumerable<SpeedData.Core.Channels.Channel> channels)
    {
        host.Add(channels);
        return host;
    }
}
