using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

namespace SpeedData.Server.Hosting;

/// <summary>Runs the channels for the server.</summary>
internal interface IChannelHost
{
    /// <summary>The present channels, in the order in which they were added. Returns the same list until one changes. Any thread.</summary>
    IReadOnlyList<Channel> Channels { get; }

    /// <summary>Whether every configured channel has been added.</summary>
    bool IsStarted { get; }

    /// <summary>Makes retention ask the guard before it deletes a file. Call it before <see cref="Start"/>.</summary>
    void AskBeforeDeleting(IFileGuard guard);

    /// <summary>Adds every configured channel.</summary>
    void Start();

    /// <summary>Adds a channel at once, or as soon as its schema can be read. Any thread.</summary>
    void Add(ChannelOptions options);

    /// <summary>Applies new options to a running channel. No received datagram is lost. Any thread.</summary>
    Task ChangeAsync(ChannelOptions options);

    /// <summary>Drains and removes a channel. Its files remain. Any thread.</summary>
    Task RemoveAsync(string name);

    /// <summary>Lists channels whose files cannot be used after all others. Any thread.</summary>
    void Show(IReadOnlyList<Channel> broken);

    /// <summary>Drains and stops all channels.</summary>
    /// <returns>Whether every channel was drained in time.</returns>
    Task<bool> StopAsync(TimeSpan drainFor);
}
