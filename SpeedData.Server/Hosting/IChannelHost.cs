using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;

namespace SpeedData.Server.Hosting;

/// <summary>What the server needs of whoever runs the channels.</summary>
internal interface IChannelHost
{
    /// <summary>The channels at this moment, in the order they were added; the same list as long as they are the same. Any thread.</summary>
    IReadOnlyList<Channel> Channels { get; }

    /// <summary>Whether every configured channel has been added.</summary>
    bool IsStarted { get; }

    /// <summary>To be called before <see cref="Start"/>: retention asks from now on before it deletes a file.</summary>
    void AskBeforeDeleting(IFileGuard guard);

    /// <summary>Adds every configured channel.</summary>
    void Start();

    /// <summary>Drains and stops all channels.</summary>
    /// <returns>Whether every channel was drained in time.</returns>
    Task<bool> StopAsync(TimeSpan drainFor);
}
