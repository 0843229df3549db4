using SpeedData.Server.Http;

namespace SpeedData.Server.Pages;

/// <summary>Serves the live page, which is part of the executable, and users' own pages.</summary>
internal static class PageEndpoints
{
    private const string Prefix = "page/", Index = "index.html", Modules = "web/", OwnModules = "web/own/";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <param name="app">The application.</param>
    /// <param name="ownPages">The folder of <c>Pages:Path</c>; null for none.</param>
    public static void MapPages(this WebApplication app, string? ownPages)
    {
        (string Name, PageFile File)[] files = [.. Embedded()];
        string modules = string.Join(", ", files.Where(f => f.Name.StartsWith(Modules, StringComparison.Ordinal) && f.Name.EndsWith(".js", StringComparison.Ordinal) && !f.Name.StartsWith(OwnModules, StringComparison.Ordinal)).Select(f => $"<{f.Name}>; rel=modulepreload"));
        foreach ((string name, PageFile file) in files)
        {
            if (name == Index)
                Map(app, "/", context => SendIndexAsync(context, file, modules));
            else
                Map(app, $"/{name}", context => SendAsync(context, file));
        }

        var own = new OwnPages(ownPages);
        Map(app, "/api/v1/pages", own.ListAsync);
        Map(app, "/pages/{**path}", own.SendAsync);
    }

    /// <summary>Maps an address without warm-up: compressing the page before anybody opens it costs more than it saves.</summary>
    private static void Map(WebApplication app, string pattern, RequestDelegate handler) =>
        app.MapMethods(pattern, Reading, handler).WithMetadata(new WarmUp.Costly());

    private static IEnumerable<(string Name, PageFile File)> Embedded()
    {
        foreach (string resource in typeof(PageEndpoints).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return (resource[Prefix.Length..], new PageFile(resource, content));
        }
    }

    /// <summary>Sends the page with a list of all modules, so that the browser requests all of them at once.</summary>
    private static Task SendIndexAsync(HttpContext context, PageFile file, string modules)
    {
        context.Response.Headers.Link = modules;
        return SendAsync(context, file);
    }

    private static Task SendAsync(HttpContext context, PageFile file)
    {
        PageHeaders.Apply(context.Response, isOwn: false);
        return file.SendAsync(context);
    }
}
