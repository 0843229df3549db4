namespace SpeedData.Server.Pages;

/// <summary>What a browser may do with a page: nothing that did not come from this server.</summary>
internal static class PageHeaders
{
    /// <summary>No inline code, no text that becomes HTML, no other host.</summary>
    private const string Strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'";

    /// <summary>Users' own pages may have inline styles, make HTML, and connect to other recorders. Their scripts must be in files, too.</summary>
    private const string Own = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' http: https: ws: wss:; base-uri 'self'; form-action 'self'; object-src 'none'";

    public static void Apply(HttpResponse response, bool isOwn)
    {
        response.Headers.ContentSecurityPolicy = isOwn ? Own : Strict;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        // The script for users' own pages is no secret; pages elsewhere may load it.
        if (!isOwn)
            response.Headers.AccessControlAllowOrigin = "*";
    }
}
