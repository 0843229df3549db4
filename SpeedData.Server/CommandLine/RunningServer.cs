using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using SpeedData.Core.Configuration;
using SpeedData.Server.Http;

namespace SpeedData.Server.CommandLine;

/// <summary>Connects a command to the server that runs with the same configuration.</summary>
internal sealed class RunningServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), LongestAnswer = TimeSpan.FromMinutes(2);

    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string? _tokenFile;

    public RunningServer(string url, ConfigurationSources sources)
    {
        _address = ListenUrls.ToReach(url);
        _tokenFile = PathIn(sources, "Api:TokenFile");
        // The environment's proxy is not used: it could answer instead of the server. On loopback any certificate is accepted.
        _handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || _address.IsLoopback } };
        _client = new HttpClient(_handler) { Timeout = LongestAnswer };
        _client.DefaultRequestHeaders.Add(SameServer.Header, SameServer.Encode(PathIn(sources, "Storage:AvroPath") ?? Path.GetFullPath("data", sources.BaseDirectory)));
    }

    public Uri At(string path) => new(_address, path);

    /// <returns>The status and the body. If the server does not answer, or another one does: no status, and the reason.</returns>
    public async Task<(HttpStatusCode? Status, string Text)> AskAsync(HttpMethod method, string path, bool withToken, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (method == HttpMethod.Get)
            patience.CancelAfter(Patience);
        using var request = new HttpRequestMessage(method, At(path));
        try
        {
            if (withToken && _tokenFile is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_tokenFile, stop)).Trim());
            using HttpResponseMessage answer = await _client.SendAsync(request, patience.Token);
            string body = await answer.Content.ReadAsStringAsync(patience.Token);
            bool isSame = answer.StatusCode != HttpStatusCode.MisdirectedRequest
                && (answer.Headers.TryGetValues(SameServer.Header, out IEnumerable<string>? same) ? same.Contains(SameServer.Same) : answer.StatusCode == HttpStatusCode.Forbidden);
            return isSame ? (answer.StatusCode, body) : (null, "another server answers: its Storage:AvroPath is not the one in this configuration");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or FormatException or OperationCanceledException)
        {
            return (null, e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : e.Message);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private static string? PathIn(ConfigurationSources sources, string key) =>
        sources.Configuration[$"{SpeedDataOptions.Section}:{key}"] is { } text && !string.IsNullOrWhiteSpace(text) ? Path.GetFullPath(text.Trim(), sources.BaseDirectory) : null;
}
