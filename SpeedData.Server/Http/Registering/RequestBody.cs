using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace SpeedData.Server.Http.Registering;

/// <summary>
/// Reads the JSON body of a write. Its size, its time and the memory of all bodies together are limited, so that no client can use up the
/// memory that recording needs, and a slow client delays nobody else. Any thread.
/// </summary>
internal sealed class RequestBody(TimeProvider time)
{
    public const int LargestBody = 2 << 20;

    private const int AllBodies = 64 << 20, Piece = 16 << 10, DeepestJson = 512;

    private static readonly TimeSpan LongestBody = TimeSpan.FromSeconds(10);

    private long _held;

    /// <summary>Reads the body and calls <paramref name="use"/>. If the body is not a JSON object, it passes null and the reason.</summary>
    public async Task WithAsync(HttpContext context, Func<JsonElement?, string?, Task> use)
    {
        using var bytes = new MemoryStream();
        try
        {
            await ReadAsync(context, bytes);
            using JsonDocument? document = Parse(bytes, out string? why);
            await use(document?.RootElement is { ValueKind: JsonValueKind.Object } body ? body : null, why);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = e.StatusCode == StatusCodes.Status503ServiceUnavailable ? "1" : default;
            await Answer.WriteErrorAsync(context, e.StatusCode, e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => $"the body has more than {LargestBody} bytes",
                StatusCodes.Status503ServiceUnavailable => "too many large writes at once; try again",
                _ => "the body did not arrive in time, or is incomplete",
            });
        }
        finally
        {
            Interlocked.Add(ref _held, -bytes.Length);
        }
    }

    private static JsonDocument? Parse(MemoryStream bytes, out string? why)
    {
        why = null;
        try
        {
            return bytes.Length == 0 ? null : JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), new JsonDocumentOptions { MaxDepth = DeepestJson });
        }
        catch (JsonException e)
        {
            why = e.Message;
            return null;
        }
    }

    private async Task ReadAsync(HttpContext context, MemoryStream bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestBody;
        using var patience = new CancellationTokenSource(LongestBody, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, patience.Token);
        byte[] piece = new byte[Piece];
        try
        {
            for (int read; (read = await context.Request.Body.ReadAsync(piece, stop.Token)) > 0;)
            {
                bytes.Write(piece, 0, read);
                if (Interlocked.Add(ref _held, read) > AllBodies)
                    throw new BadHttpRequestException("no room", StatusCodes.Status503ServiceUnavailable);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new BadHttpRequestException("slow", StatusCodes.Status408RequestTimeout);
        }
    }
}
