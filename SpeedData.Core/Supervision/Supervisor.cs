using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Supervision;

/// <summary>Owns the list of channels; starts, watches, restarts and stops each channel's pipeline by itself.</summary>
public sealed class Supervisor
{
    /// <summary>The channels at this moment, in the order they were added. Any thread.</summary>
    public IReadOnlyList<Channel> Channels => throw new NotSupportedException();

    /// <summary>Adds a channel and starts it; the others do not notice. Any thread.</summary>
    public Channel Add(ChannelOptions options) => throw new NotSupportedException();

    /// <summary>Drains and removes a channel.</summary>
    /// <returns>False if there is none of that name.</returns>
    public Task<bool> RemoveAsync(string name, TimeSpan drainFor) => throw new NotSupportedException();

    /// <summary>Drains and stops all channels.</summary>
    /// <returns>Whether every channel was drained in time.</returns>
    public Task<bool> StopAsync(TimeSpan drainFor) => throw new NotSupportedException();
}
