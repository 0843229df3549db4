using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Live;

/// <summary>The number of lost datagrams, by the place of the loss.</summary>
/// <param name="Kernel">Datagrams that the process never received.</param>
/// <param name="Recording">Datagrams that were received but are in no archive.</param>
/// <param name="Refused">Datagrams that are invalid, or from a sender that is not allowed.</param>
/// <param name="Tap">Datagrams that were recorded, but not shown to watchers.</param>
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
