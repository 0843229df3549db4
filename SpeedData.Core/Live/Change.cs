namespace SpeedData.Core.Live;

/// <summary>What the text of a change stands for.</summary>
public enum ChangeKind
{
    Null,
    Boolean,
    Text,
}

/// <summary>A signal has another value than before.</summary>
/// <param name="Signal">Which, by its name.</param>
/// <param name="ReceivedMs">When that was received.</param>
/// <param name="DeviceMs">When that was by the device's clock; null without one.</param>
/// <param name="Kind">What the text stands for.</param>
/// <param name="Text">The value, cut where it is long.</param>
/// <param name="Length">Bytes of a value that was cut; null for one that was not.</param>
public sealed record Change(string Signal, double ReceivedMs, double? DeviceMs, ChangeKind Kind, string Text, int? Length);
