using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using SpeedData.Server.Http;

namespace SpeedData.Server.Pages;

/// <summary>The HTML files in <c>Pages:Path</c>.</summary>
internal sealed record PageListView(IReadOnlyList<string> Pages);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PageListView))]
internal sealed partial class PageJson : JsonSerializerContext;

/// <summary>Serves the files of a folder, but no hidden file and no link that leads out of it.</summary>
internal sealed class OwnPages(string? folder)
{
    private const int MostListed = 200;

    public Task ListAsync(HttpContext context)
    {
        string[] pages = folder is not null && Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.html").Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal).Take(MostListed)]
            : [];
        return Answer.WriteAsync(context, StatusCodes.Status200OK, new PageListView(pages), PageJson.Default.PageListView);
    }

    public Task SendAsync(HttpContext context)
    {
        string path = context.GetRouteValue("path")?.ToString() is { Length: > 0 } asked ? asked : "index.html";
        if (Find(path) is not { } file)
        {
            string why = folder is null ? "Pages:Path names no folder" : $"Pages:Path has no file '{path}'";
            return Answer.WriteErrorAsync(context, StatusCodes.Status404NotFound, why);
        }

        PageHeaders.Apply(context.Response, isOwn: true);
        context.Response.Headers.CacheControl = "no-cache";
        var tag = new EntityTagHeaderValue($"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\"");
        return TypedResults.PhysicalFile(file.FullName, PageMediaTypes.Of(file.Name), null, file.LastWriteTimeUtc, tag, enableRangeProcessing: true).ExecuteAsync(context);
    }

    private FileInfo? Find(string path)
    {
        if (folder is null || path.Split('/').Any(part => part.Length == 0 || part[0] == '.' || part.AsSpan().IndexOfAny('\\', '\0') >= 0))
            return null;
        var file = new FileInfo(Path.Combine(folder, path));
        return file.Exists && !LeadsOut(file) ? file : null;
    }

    private bool LeadsOut(FileInfo file)
    {
        for (FileSystemInfo? part = file; part is not null && part.FullName.Length > folder!.Length; part = Directory.GetParent(part.FullName))
        {
            if (part.LinkTarget is not null && part.ResolveLinkTarget(returnFinalTarget: true) is { } target && !target.FullName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
