using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Supervision;

/// <summary>
/// The folder of a channel and its retention, as long as its archive is switched on. Files age even if the channel does not
/// receive. Call every member under the channel's gate.
/// </summary>
internal sealed class ChannelFiles(Channel channel, PipelineServices services, ArchiveRetention retention) : IDisposable
{
    private ArchiveFolder? _folder;
    private volatile RetainedChannel? _retained;
    private ArchiveOptions? _limits;

    /// <summary>The channel's folder, which this process holds until the channel is removed.</summary>
    public ArchiveFolder Folder => _folder ??= services.CreateFolder(channel.Name);

    /// <summary>Any thread: the state of the deletion of old archives; null if the archive is switched off.</summary>
    public RetentionState? Retention => _retained?.State;

    /// <summary>Applies the present retention limits of the options.</summary>
    public void Follow()
    {
        ArchiveOptions limits = channel.Options.Archive;
        if (!limits.Enabled)
        {
            Release();
            return;
        }

        if (_limits is { } before && (before.RetainFor, before.RetainBytes, before.MinFreeBytes) == (limits.RetainFor, limits.RetainBytes, limits.MinFreeBytes))
            return;
        Release();
        _limits = limits;
        _retained = retention.Add(Folder, limits, channel.Counters);
    }

    /// <summary>Stops retention and gives up the folder, so that another process may use it.</summary>
    public void Dispose()
    {
        Release();
        _folder?.Dispose();
        _folder = null;
    }

    private void Release()
    {
        if (_retained is { } retained)
            retention.Remove(retained);
        _retained = null;
        _limits = null;
    }
}
