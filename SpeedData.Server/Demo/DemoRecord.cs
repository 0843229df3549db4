using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Demo;

/// <summary>Encodes a record into the buffer and returns its length.</summary>
internal delegate int RecordEncoder(Span<byte> buffer, long timeNs, int counter, double noise);

/// <summary>What <c>--demo</c> sends to a channel.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Encode">Encodes a record.</param>
/// <param name="Fits">Returns whether a schema has the fields that are sent.</param>
/// <param name="Fields">The fields, as text for a message.</param>
internal sealed record DemoRecord(string Channel, RecordEncoder Encode, Func<RecordLayout, bool> Fits, string Fields)
{
    public static DemoRecord Example { get; } = new(DemoSignal.Channel, DemoSignal.Encode, DemoSignal.Fits, DemoSignal.Describe());

    /// <summary>The engine's record, sent if the configuration has its channel.</summary>
    public static DemoRecord Engine { get; } = new(EngineSignal.Channel, EngineSignal.Encode, EngineSignal.Fits, EngineSignal.Describe());

    public static IReadOnlyList<DemoRecord> All { get; } = [Example, Engine];

    public bool IsFor(ChannelOptions channel) => channel.Name.Equals(Channel, StringComparison.OrdinalIgnoreCase);
}
