using System.Text.Json.Serialization;
using SpeedData.Core.Replay;

namespace SpeedData.Server.Replaying;

/// <summary>The JSON of a replay's statistics.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReplayResult))]
internal sealed partial class ReplayJson : JsonSerializerContext;
