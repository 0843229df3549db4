using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;

namespace SpeedData.Tests.Server.Support;

/// <summary>Channels that a test has made.</summary>
internal sealed class FakeChannelHost(params Channel[] channels) : IChannelHost
{
    private readonly TaskCompletionSource _drainBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Channel> Channels { get; private set; } = channels;

    public void Add(params IEnumerable<Channel> more) => Channels = [.. Channels, .. more];

    public bool IsStarted { get; set; }

    /// <summary>What a stop answers, and when.</summary>
    public Task<bool> Drain { get; set; } = Task.FromResult(true);

    public Task DrainBegan => _drainBegan.Task;

    public void AskBeforeDeleting(IFileGuard guard)
    {
        // Nothing is deleted here.
    }

    public void Start() => IsStarted = true;

    public Task<bool> StopAsync(TimeSpan drainFor)
    {
        _drainBegan.TrySetResult();
        return Drain;
    }
}
