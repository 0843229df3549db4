using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SpeedData.Server.Http;

/// <summary>Writes answers as JSON. Text is not escaped for HTML, since answers are never part of a page.</summary>
internal static class Answer
{
    public static readonly ApiJson Json = new(new JsonSerializerOptions(ApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Task WriteAsync<T>(HttpContext context, int statusCode, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = statusCode;
        return context.Response.WriteAsJsonAsync(body, type, cancellationToken: context.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext context, int statusCode, string error) =>
        WriteAsync(context, statusCode, new ErrorView(error), Json.ErrorView);
}
