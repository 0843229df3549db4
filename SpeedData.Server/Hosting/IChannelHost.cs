using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

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

    /// <summary>Adds a channel: at once, or as soon as its schema is there. Any thread.</summary>
    void Add(ChannelOptions options);

    /// <summary>Makes of a channel what these options say; nothing that was received is lost. Any thread.</summary>
    Task ChangeAsync(ChannelOptions options);

    /// <summary>Drains and removes a channel; its files stay. Any thread.</summary>
    Task RemoveAsync(string name);

    /// <summary>Shows these after the channels: their files cannot be used. Any thread.</summary>
    void Show(IReadOnlyList<Channel> broken);

    /// <summary>Drains and stops all channels.</summary>
    /// <returns>Whether every channel was drained in time.</returns>
    Task<bool> StopAsync(TimeSpan drainFor);
}
