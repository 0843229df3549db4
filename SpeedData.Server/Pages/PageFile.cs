using System.Buffers.Text;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SpeedData.Server.Pages;

/// <summary>A file of the page, in memory. It is compressed at the first request, once for each encoding.</summary>
internal sealed class PageFile(string name, byte[] content)
{
    private const string Brotli = "br", Gzip = "gzip";

    private readonly ConcurrentDictionary<string, byte[]> _compressed = new();

    /// <summary>The ETag; weak, since it is the same for every encoding.</summary>
    public EntityTagHeaderValue Tag { get; } = new($"\"{Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, 12))}\"", isWeak: true);

    public string MediaType { get; } = PageMediaTypes.Of(name);

    public async Task SendAsync(HttpContext context)
    {
        Microsoft.AspNetCore.Http.Headers.ResponseHeaders headers = context.Response.GetTypedHeaders();
        headers.ETag = Tag;
        // The browser asks every time: a new version appears at once, and an unchanged file costs an answer without a body.
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        string? coding = CodingFor(context.Request);
        byte[] body = coding is null ? content : _compressed.GetOrAdd(coding, Compress);
        if (coding is not null)
            context.Response.Headers.ContentEncoding = coding;
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static string? CodingFor(HttpRequest request)
    {
        IList<StringWithQualityHeaderValue> accepted = request.GetTypedHeaders().AcceptEncoding;
        return Accepts(Brotli) ? Brotli : Accepts(Gzip) ? Gzip : null;
        bool Accepts(string coding) => accepted.Any(a => a.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && a.Quality is not 0);
    }

    private byte[] Compress(string coding)
    {
        using var output = new MemoryStream();
        using (Stream packing = coding == Brotli ? new BrotliStream(output, CompressionLevel.Optimal) : new GZipStream(output, CompressionLevel.Optimal))
            packing.Write(content);
        return output.ToArray();
    }
}
