using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SpeedData.Server.Http;

/// <summary>How every answer is written: snake_case, absent values as null, serializers generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DictionaryKeyPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChannelListView))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(RejectsView))]
[JsonSerializable(typeof(ReadinessView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private static readonly Lazy<ApiJson> _readable = new(Readable);

    public static Task WriteAsync<T>(HttpContext context, int statusCode, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = statusCode;
        return context.Response.WriteAsJsonAsync(body, _readable.Value.GetTypeInfo(type.Type)!, cancellationToken: context.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext context, int statusCode, string error) =>
        WriteAsync(context, statusCode, new ErrorView(error), Default.ErrorView);

    // Words in quotes are to be read in a terminal; the default would write \u0027 for each, lest someone put it into a page of HTML.
    private static ApiJson Readable() => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The API's name of an enum's value.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

internal sealed record ErrorView(string Error);

internal sealed record StatusView(string Status);
