using SpeedData.Core.Tags;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Tags;

/// <summary>Starts the tags before the first channel, so that retention deletes no file that a tag needs.</summary>
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
