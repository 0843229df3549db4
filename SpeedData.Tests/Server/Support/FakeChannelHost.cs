using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Server.Hosting;

namespace SpeedData.Tests.Server.Support;

/// <summary>Channels that a test provides.</summary>
internal sealed class FakeChannelHost(params Channel[] channels) : IChannelHost
{
    private readonly TaskCompletionSource _drainBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Channel> Channels { get; private set; } = channels;

    public void Add(params IEnumerable<Channel> more) => Channels = [.. Channels, .. more];

    public bool IsStarted { get; set; }

    /// <summary>Result of a stop, available once the task completes.</summary>
    public Task<bool> Drain { get; set; } = Task.FromResult(true);

    public Task DrainBegan => _drainBegan.Task;

    public void AskBeforeDeleting(IFileGuard guard)
    {
        // A fake channel has nothing to delete.
    }

    public void Start() => IsStarted = true;

    public IReadOnlyList<Channel> Broken { get; private set; } = [];

    public void Add(ChannelOptions options) => Channels = [.. Channels.Where(c => c.Name != options.Name), TestChannels.Active(options)];

    public Task ChangeAsync(ChannelOptions options)
    {
        Channels = [.. Channels.Select(c => c.Name == options.Name ? TestChannels.Active(options) : c)];
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string name)
    {
        Channels = [.. Channels.Where(c => !c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))];
        return Task.CompletedTask;
    }

    public void Show(IReadOnlyList<Channel> broken)
    {
        Channels = [.. Channels.Except(Broken), .. broken];
        Broken = broken;
    }

    public Task<bool> StopAsync(TimeSpan drainFor)
    {
        _drainBegan.TrySetResult();
        return Drain;
    }
}
