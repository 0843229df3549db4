using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>The state of a channel's retention at one moment. A fault here never stops recording.</summary>
/// <param name="Fault">What could not be listed, read or deleted, or a floor that deleting cannot reach; null if nothing is wrong.</param>
/// <param name="MinFreeBytes">The free space that the channel keeps on its file system; null if that is none, or not known yet.</param>
/// <param name="Deletions">Deletions that are not reported yet.</param>
public sealed record RetentionState(Fault? Fault, long? MinFreeBytes, DeletionLog Deletions);

/// <summary>The fault of a channel's retention. A repeated fault stays the same object, so that it is reported once.</summary>
internal sealed class RetentionHealth(TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Deadline _retry = new(time);
    private volatile RetentionState _state = new(null, null, new DeletionLog());
    private KnownFault? _known;
    private bool _failed;

    /// <summary>Any thread: the present state.</summary>
    public RetentionState State => _state;

    /// <summary>Whether failed operations may be tried again: once a minute.</summary>
    public bool IsRetryDue => _retry.IsOver;

    public void Failed(string doing, int error, Func<string> message)
    {
        if (_retry.IsOver)
            _retry.Begin(RetryAfter);
        _failed = true;
        _known = KnownFault.Next(_known, doing, error, message, time);
        if (_state.Fault != _known.Fault)
            _state = _state with { Fault = _known.Fault };
    }

    /// <summary>Reports that the floor is larger than the file system. Nothing is deleted for it.</summary>
    public void CannotKeepFree(long floor, long total, string folder) => Failed("keep free", 0, () =>
        $"Archive:MinFreeBytes of {SizeText.Format(floor)} can never be free on the file system of {folder}, which has {SizeText.Approximate(total)}: nothing is deleted for this limit; set it lower, or mount the intended disk");

    /// <summary>Reports that other data fill the file system: deleting every archive would not reach the floor.</summary>
    public void CannotReachFloor(long floor, long reachable, string folder) => Failed("reach floor", 0, () =>
        $"Archive:MinFreeBytes of {SizeText.Format(floor)} cannot be reached on the file system of {folder}: deleting every finished archive would leave {SizeText.Approximate(reachable)} free, so archives are deleted only as needed to continue recording; remove other data there, or set it lower");

    /// <summary>Reports that a write still finds no room, although files were deleted for it.</summary>
    public void DeletingIsInVain(string folder) => Failed("make room", 0, () =>
        $"writes to {folder} still fail for lack of space after archives were deleted, so no more are deleted; something else uses the space (other programs, a quota, inodes): free it there");

    /// <summary>Notes the space to keep free.</summary>
    public void KeepsFree(long floor)
    {
        long? bytes = floor == 0 ? null : floor;
        if (_state.MinFreeBytes != bytes)
            _state = _state with { MinFreeBytes = bytes };
    }

    /// <summary>Ends a look. A fault is over if the operation was tried again and did not fail.</summary>
    /// <param name="isFixed">False if something failed, or a failed operation was not tried again.</param>
    public void EndLook(bool isFixed)
    {
        if (_state.Fault is not null && isFixed && !_failed && _retry.IsOver)
            (_known, _state) = (null, _state with { Fault = null });
        _failed = false;
    }
}
