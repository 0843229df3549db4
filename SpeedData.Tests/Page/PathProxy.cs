using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SpeedData.Tests.Page;

/// <summary>A proxy that serves a server below a path, like nginx. It strips the path and handles one request per connection.</summary>
internal sealed class PathProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _path;
    private readonly int _port;

    public PathProxy(string path, int port)
    {
        _path = path;
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                NetworkStream from = client.GetStream();
                string head = await HeadAsync(from);
                bool isUpgrade = head.Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase);
                string[] lines = head.Split("\r\n");
                if (!lines[0].Contains($" {_path}/", StringComparison.Ordinal))
                    return;
                lines[0] = lines[0].Replace($" {_path}/", " /", StringComparison.Ordinal);
                if (!isUpgrade)
                    lines = [lines[0], "Connection: close", .. lines[1..].Where(line => !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase))];
                await server.ConnectAsync(IPAddress.Loopback, _port);
                NetworkStream to = server.GetStream();
                await to.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)));
                await Task.WhenAny(from.CopyToAsync(to), to.CopyToAsync(from));
            }
            catch (IOException)
            {
                // One side has closed.
            }
        }
    }

    private static async Task<string> HeadAsync(NetworkStream from)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await from.ReadAsync(one) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
