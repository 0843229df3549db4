namespace SpeedData.Server.Pages;

/// <summary>Sets the headers that tell a browser what a page may load and do.</summary>
internal static class PageHeaders
{
    /// <summary>For the live page: no inline code, no HTML from strings, no other host.</summary>
    private const string Strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'";

    /// <summary>For users' own pages: inline styles, HTML from strings and other recorders are allowed. Scripts must be in files.</summary>
    private const string Own = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' http: https: ws: wss:; base-uri 'self'; form-action 'self'; object-src 'none'";

    public static void Apply(HttpResponse response, bool isOwn)
    {
        response.Headers.ContentSecurityPolicy = isOwn ? Own : Strict;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        // Pages on other servers may load the script for users' own pages.
        if (!isOwn)
            response.Headers.AccessControlAllowOrigin = "*";
    }
}
