namespace SpeedData.Server.Http.Access;

/// <summary>Checks whether a browser's Origin is the address that the request was sent to.</summary>
internal static class RequestOrigin
{
    public static bool IsSame(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
        && (from.Scheme == SchemeOf(request))
        && Uri.TryCreate($"{from.Scheme}://{request.Host.Value}", UriKind.Absolute, out Uri? here)
        && from.Host.Equals(here.Host, StringComparison.OrdinalIgnoreCase) && from.Port == here.Port;

    /// <summary>Returns the browser's scheme, also behind a proxy that ends TLS. Pages of other origins cannot send this header.</summary>
    private static string SchemeOf(HttpRequest request) =>
        request.Headers["X-Forwarded-Proto"].FirstOrDefault() is { Length: > 0 } proxied ? proxied : request.Scheme;
}
