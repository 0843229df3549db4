namespace SpeedData.Core.Live;

/// <summary>The kind of value in the text of a change.</summary>
public enum ChangeKind
{
    Null,
    Boolean,
    Text,
}

/// <summary>A new value of a signal.</summary>
/// <param name="Signal">The signal's name.</param>
/// <param name="ReceivedMs">Time of receipt.</param>
/// <param name="DeviceMs">The device's time; null if there is none.</param>
/// <param name="Kind">The kind of value in the text.</param>
/// <param name="Text">The value, cut if it is long.</param>
/// <param name="Length">Full length in bytes of a value that was cut; null if it was not cut.</param>
public sealed record Change(string Signal, double ReceivedMs, double? DeviceMs, ChangeKind Kind, string Text, int? Length);
