namespace SpeedData.Server.Http.Access;

/// <summary>Whether a browser's Origin is the one that this server was asked under.</summary>
internal static class RequestOrigin
{
    public static bool IsSame(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
        && (from.Scheme == SchemeOf(request))
        && Uri.TryCreate($"{from.Scheme}://{request.Host.Value}", UriKind.Absolute, out Uri? here)
        && from.Host.Equals(here.Host, StringComparison.OrdinalIgnoreCase) && from.Port == here.Port;

    /// <summary>Behind a proxy that ends TLS, what the browser used. A page of another origin cannot send this header.</summary>
    private static string SchemeOf(HttpRequest request) =>
        request.Headers["X-Forwarded-Proto"].FirstOrDefault() is { Length: > 0 } proxied ? proxied : request.Scheme;
}
