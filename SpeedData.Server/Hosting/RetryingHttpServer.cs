using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Http;

namespace SpeedData.Server.Hosting;

/// <summary>
/// Serves HTTP on each address of <c>Urls</c> as soon as the address is available. An address that is taken, or is not an address of
/// this host yet, is tried again every second; recording does not wait for it.
/// </summary>
internal sealed class RetryingHttpServer(
    ServerPlan plan, IOptionsFactory<KestrelServerOptions> options, IConnectionListenerFactory transport, WarmUp warmUp, TimeProvider time, ILoggerFactory logs)
    : IServer
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = logs.CreateLogger<RetryingHttpServer>();
    private readonly ServerAddressesFeature _served = new();
    private readonly List<KestrelServer> _servers = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _trying = Task.CompletedTask;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        await warmUp.RunAsync(application, time);
        var waiting = new Dictionary<string, string>();
        foreach (string url in plan.Urls)
        {
            if (await ListenAsync(application, url, cancellationToken) is not { } reason)
                continue;
            Report(url, reason);
            waiting[url] = reason;
        }

        Features.Set<IServerAddressesFeature>(_served);
        if (waiting.Count > 0)
            _trying = TryAgainAsync(application, waiting);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _trying;
        await Task.WhenAll(_servers.Select(server => server.StopAsync(cancellationToken)));
    }

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        _stopping.Dispose();
    }

    private async Task TryAgainAsync<TContext>(IHttpApplication<TContext> application, Dictionary<string, string> waiting)
        where TContext : notnull
    {
        while (waiting.Count > 0)
        {
            await Task.Delay(BetweenTries, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
            foreach ((string url, string known) in waiting.ToArray())
            {
                string? reason = await TryListenAsync(application, url);
                if (reason is null)
                {
                    waiting.Remove(url);
                    _log.LogInformation("HTTP is now served on {Url}", url);
                }
                else if (reason != known)
                {
                    Report(url, waiting[url] = reason);
                }
            }
        }
    }

    /// <summary>Tries to listen and returns why it failed. Nobody handles exceptions after the start, so each becomes a reason.</summary>
    private async Task<string?> TryListenAsync<TContext>(IHttpApplication<TContext> application, string url)
        where TContext : notnull
    {
        try
        {
            return await ListenAsync(application, url, CancellationToken.None);
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }

    /// <returns>Why the address is not available now; null if it is served.</returns>
    private async Task<string?> ListenAsync<TContext>(IHttpApplication<TContext> application, string url, CancellationToken cancellationToken)
        where TContext : notnull
    {
        // Each attempt needs a new server: one that failed to start cannot be started again.
        var server = new KestrelServer(Options.Create(options.Create(Options.DefaultName)), transport, logs);
        ICollection<string> addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        addresses.Add(url);
        try
        {
            await server.StartAsync(application, cancellationToken);
        }
        catch (Exception e) when (!plan.RequireHttp && ListenUrls.BindFailure(e) is not null)
        {
            server.Dispose();
            return ListenUrls.BindFailure(e);
        }

        _servers.Add(server);
        foreach (string address in addresses)
            _served.Addresses.Add(address);
        return null;
    }

    private void Report(string url, string reason) =>
        _log.LogError("HTTP is not served on {Url}: {Reason} Recording continues without it; the address is tried again every second (with --require-http the process would end)", url, reason.TrimEnd('.') + ".");
}
