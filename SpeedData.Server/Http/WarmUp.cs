using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using SpeedData.Core.Threading;
using SpeedData.Server.Http.Access;

namespace SpeedData.Server.Http;

/// <summary>
/// Requests each address once and drops the answer before HTTP is served, so that the code is compiled before a client asks. Without
/// this the first scrape took 200 ms, a later one 3 ms. Recording has begun by then.
/// </summary>
internal sealed class WarmUp
{
    // HTTP does not wait longer. An answer may wait for a disk that hangs.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(400);

    private IEndpointRouteBuilder? _served;

    /// <summary>Marks an address that is too expensive to warm up.</summary>
    public sealed class Costly;

    /// <summary>Sets the addresses to request.</summary>
    public void Use(IEndpointRouteBuilder served) => _served = served;

    /// <summary>Requests them on a thread of its own.</summary>
    /// <param name="application">Answers requests.</param>
    /// <param name="time">The clock.</param>
    public async Task RunAsync<TContext>(IHttpApplication<TContext> application, TimeProvider time)
        where TContext : notnull
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OwnedThread.TryStart("warm up", () =>
        {
            foreach (string path in Paths())
                AskAsync(application, path).GetAwaiter().GetResult();
            done.TrySetResult();
        });
        await Task.WhenAny(done.Task, Task.Delay(Longest, time));
    }

    /// <summary>Each address that only reads and has no name in its path.</summary>
    internal IEnumerable<string> Paths() => (_served?.DataSources ?? []).SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.Parameters.Count == 0 && Reads(endpoint) && endpoint.Metadata.GetMetadata<Costly>() is null)
        .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}");

    private static async Task AskAsync<TContext>(IHttpApplication<TContext> application, string path)
        where TContext : notnull
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = HttpMethods.Get, Path = path, Scheme = "http", Protocol = HttpProtocol.Http11, Headers = new HeaderDictionary { ["Host"] = "localhost" } });
        features.Set(new OwnRequest());
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        TContext context = application.CreateContext(features);
        Exception? failure = null;
        try
        {
            await application.ProcessRequestAsync(context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A client that sends the same request gets an error, and the log names the cause.
            failure = e;
        }

        application.DisposeContext(context, failure);
    }

    private static bool Reads(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) != false;
}
