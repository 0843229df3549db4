using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace SpeedData.Server.Http.Registering;

/// <summary>
/// Reads the JSON of a write. Size, time and number at once are bounded, so that no client can take the memory that recording
/// needs. Any thread.
/// </summary>
internal sealed class RequestBody(TimeProvider time) : IDisposable
{
    public const int LargestBody = 2 << 20;

    private const int AtOnce = 16, DeepestJson = 512;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10), LongestBody = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(AtOnce);

    /// <summary>Reads it and hands it on; what is no JSON object is handed on as null, with the reason.</summary>
    public async Task WithAsync(HttpContext context, Func<JsonElement?, string?, Task> use)
    {
        if (!await _slots.WaitAsync(LongestWait, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "1";
            await Answer.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "too many writes at once; try again");
            return;
        }

        JsonDocument? document;
        string? why = null;
        try
        {
            document = await ReadAsync(context);
        }
        catch (JsonException e)
        {
            (document, why) = (null, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await Answer.WriteErrorAsync(context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body has more than {LargestBody} bytes" : "the body did not come in time, or not whole");
            return;
        }
        finally
        {
            _slots.Release();
        }

        using (document)
            await use(document?.RootElement is { ValueKind: JsonValueKind.Object } body ? body : null, why);
    }

    public void Dispose() => _slots.Dispose();

    /// <returns>Null if there is none.</returns>
    private async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestBody;
        using var patience = new CancellationTokenSource(LongestBody, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, patience.Token);
        using var bytes = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(bytes, stop.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new BadHttpRequestException("slow", StatusCodes.Status408RequestTimeout);
        }

        return bytes.Length == 0 ? null : JsonDocument.Parse(bytes.ToArray(), new JsonDocumentOptions { MaxDepth = DeepestJson });
    }
}
