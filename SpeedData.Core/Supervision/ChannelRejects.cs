using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Rejects;

namespace SpeedData.Core.Supervision;

/// <summary>
/// Opens and releases the keeper of a channel's refused datagrams, as the options say. It exists only with an archive. Call every
/// member under the channel's gate.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="services">File operations and clock.</param>
/// <param name="retire">Runs an action once the receive thread no longer uses the present keeper.</param>
/// <param name="ended">Called on a keeper's thread as its last act.</param>
internal sealed class ChannelRejects(Channel channel, PipelineServices services, Action<Action> retire, Action<RejectKeeper> ended)
{
    private readonly List<RejectKeeper> _draining = [];
    private volatile RejectKeeper? _keeper;
    private bool _hasBegun;

    /// <summary>Any thread: the present keeper; null if refused datagrams are not kept.</summary>
    public RejectKeeper? Keeper => _keeper;

    /// <summary>Whether a released keeper still writes.</summary>
    public bool IsDraining => _draining.Count > 0;

    /// <summary>Applies the channel's present options.</summary>
    public void Follow(Func<ArchiveFolder> folder)
    {
        long? most = channel.Options.Archive.Enabled ? channel.Options.Rejects.Keep : null;
        if (most == _keeper?.Most)
            return;
        Release();
        if (most is not { } bytes)
            return;
        _keeper = new RejectKeeper(channel.Name, bytes, folder(), services.Files ?? PortableArchiveFiles.ForThisPlatform, channel.Counters.Rejects, services.Time) { Recovers = !_hasBegun, Ended = ended };
        _hasBegun = true;
    }

    /// <summary>Releases the present keeper, which ends once everything is written.</summary>
    public void Release()
    {
        if (_keeper is not { } keeper)
            return;
        _keeper = null;
        _draining.Add(keeper);
        retire(() =>
        {
            if (!keeper.Complete())
                _draining.Remove(keeper);
        });
    }

    /// <summary>Handles the end of a keeper's thread.</summary>
    public void End(RejectKeeper keeper) => _draining.Remove(keeper);
}
