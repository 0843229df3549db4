using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive;

/// <summary>A fault and the operation that failed. If it fails again in the same way, the object stays: so it is reported once.</summary>
internal sealed record KnownFault(string Doing, int Error, Fault Fault)
{
    /// <param name="known">The fault so far; null for none.</param>
    /// <param name="doing">The operation that failed.</param>
    /// <param name="error">Its errno.</param>
    /// <param name="message">Made only for a new fault.</param>
    /// <param name="time">The clock.</param>
    public static KnownFault Next(KnownFault? known, string doing, int error, Func<string> message, TimeProvider time) =>
        known?.Doing == doing && known.Error == error ? known : new KnownFault(doing, error, new Fault(FaultRole.Archive, message(), time.GetUtcNow()));
}
