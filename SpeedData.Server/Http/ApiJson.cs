using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Server.Live;

namespace SpeedData.Server.Http;

/// <summary>The JSON of answers: snake_case, absent values as null, serializers generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChannelListView))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(LiveStateView))]
[JsonSerializable(typeof(RejectsView))]
[JsonSerializable(typeof(ReadinessView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Returns the API's name of an enum value.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

internal sealed record ErrorView(string Error);

internal sealed record StatusView(string Status);
