using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive;

/// <summary>
/// A fault and the operation that failed. If it fails again in the same way, the object stays the same and is reported once.
/// </summary>
internal sealed record KnownFault(string Doing, int Error, Fault Fault)
{
    /// <param name="known">The previous fault; null if there is none.</param>
    /// <param name="doing">The operation that failed.</param>
    /// <param name="error">The errno of the failed operation.</param>
    /// <param name="message">Makes the message; called only for a new fault.</param>
    /// <param name="time">The clock.</param>
    public static KnownFault Next(KnownFault? known, string doing, int error, Func<string> message, TimeProvider time) =>
        known?.Doing == doing && known.Error == error ? known : new KnownFault(doing, error, new Fault(FaultRole.Archive, message(), time.GetUtcNow()));
}
