using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SpeedData.Server.Inspect;

/// <summary>How the answers of verify and repair are written: snake_case, absent values as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(RepairView))]
internal sealed partial class InspectJson : JsonSerializerContext
{
    public static void Write(TextWriter output, VerifyView view) => Write(output, view, Default.VerifyView);

    public static void Write(TextWriter output, RepairView view) => Write(output, view, Default.RepairView);

    private static void Write<T>(TextWriter output, T view, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(view, type));
}
