using SpeedData.Core.Threading;

namespace SpeedData.Server.Http;

/// <summary>
/// Requests each address once after the start and drops the answer, so that the code is compiled before a client asks. Without
/// this the first scrape took 140 ms, a later one 3 ms.
/// </summary>
internal static class WarmUp
{
    /// <summary>Marks an address that is too expensive to warm up.</summary>
    public sealed class Costly;

    /// <summary>Starts the warm-up on its own thread.</summary>
    public static void Begin(WebApplication app) => OwnedThread.TryStart("warm up", () => AskEachAsync(app).GetAwaiter().GetResult());

    /// <summary>Requests each address that only reads and has no name in its path.</summary>
    internal static async Task AskEachAsync(IEndpointRouteBuilder served)
    {
        foreach (RouteEndpoint endpoint in served.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Where(e => e.RoutePattern.Parameters.Count == 0 && Reads(e) && e.Metadata.GetMetadata<Costly>() is null))
        {
            var context = new DefaultHttpContext { RequestServices = served.ServiceProvider };
            context.Request.Method = HttpMethods.Get;
            context.Response.Body = new MemoryStream();
            try
            {
                await endpoint.RequestDelegate!(context).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The same request over HTTP gets an error, and the log reports it.
            }
        }
    }

    private static bool Reads(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) != false;
}
