using System.Text.Json.Serialization;
using SpeedData.Core.Replay;

namespace SpeedData.Server.Replaying;

/// <summary>How the statistics of a replay are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReplayResult))]
internal sealed partial class ReplayJson : JsonSerializerContext;
