using SpeedData.Core.Threading;

namespace SpeedData.Server.Http;

/// <summary>
/// Asks for each address once after the start and drops the answer, so that the code for requests is compiled by then. Without
/// it the first scrape took 140 ms; a later one takes 3 ms.
/// </summary>
internal static class WarmUp
{
    /// <summary>Marks an address whose answer costs more than it saves.</summary>
    public sealed class Costly;

    /// <summary>Begins, on a thread of its own.</summary>
    public static void Begin(WebApplication app) => OwnedThread.TryStart("warm up", () => AskEachAsync(app).GetAwaiter().GetResult());

    /// <summary>All that is read without a name in the address. What changes something is left alone.</summary>
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
                // The same request by HTTP is answered with an error, and the log says which.
            }
        }
    }

    private static bool Reads(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) != false;
}
