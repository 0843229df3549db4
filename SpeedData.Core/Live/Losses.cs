using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Live;

/// <summary>Datagrams that were lost, by where.</summary>
/// <param name="Kernel">They never reached the process.</param>
/// <param name="Recording">They came in and are in no archive.</param>
/// <param name="Refused">They are invalid, or from a sender that is not allowed.</param>
/// <param name="Tap">They are recorded; only watchers miss them.</param>
public readonly record struct Losses(long Kernel, long Recording, long Refused, long Tap)
{
    public bool Any => (Kernel | Recording | Refused | Tap) != 0;

    public static Losses operator +(Losses a, Losses b) => new(a.Kernel + b.Kernel, a.Recording + b.Recording, a.Refused + b.Refused, a.Tap + b.Tap);

    public static Losses operator -(Losses a, Losses b) => new(a.Kernel - b.Kernel, a.Recording - b.Recording, a.Refused - b.Refused, a.Tap - b.Tap);

    internal static Losses Of(in LedgerSnapshot ledger, long tap) => new(
        ledger.Dropped(DropReason.Kernel),
        ledger.Dropped(DropReason.RingFull) + ledger.Dropped(DropReason.Disk) + ledger.Dropped(DropReason.Fault),
        ledger.Dropped(DropReason.Invalid) + ledger.Dropped(DropReason.SourceDenied),
        tap);
}
