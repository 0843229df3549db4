using SpeedData.Core.Tags;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Tags;

/// <summary>Runs the tags beside the channels: before the first of them, so that nothing is deleted that a tag wants.</summary>
internal sealed class TagsRunner(TagKeeper keeper, IChannelHost channels) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        channels.AskBeforeDeleting(keeper);
        keeper.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
