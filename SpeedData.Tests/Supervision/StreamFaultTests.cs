using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

public sealed class StreamFaultTests
{
    [Test]
    public void An_unexpected_fault_while_opening_a_stream_is_named_and_retried()
    {
        var transport = new FaultyTransport { OnOpenStream = _ => throw new InvalidOperationException("out of luck") };
        using var fleet = new Fleet(transport);
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options with { Restart = new RestartOptions { InitialDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } });
        PartState state = channel.Parts.Full!;
        Assert.Multiple(() =>
        {
            Assert.That(state.Up, Is.False);
            Assert.That(state.Why, Is.EqualTo("FullRate: the socket could not be opened: out of luck"));
            Assert.That(state.RetryAt - DateTimeOffset.UtcNow, Is.GreaterThan(TimeSpan.FromMinutes(10)), "the channel's own delay, less its jitter");
        });
    }

    [Test]
    public void A_window_that_cannot_be_sent_at_a_stop_is_reported_as_the_last_fault()
    {
        var transport = new FaultyTransport { OnSend = stream => { if (stream == "Decimated") throw new InvalidOperationException("out of luck"); } };
        using var fleet = new Fleet(transport);
        ChannelOptions options = fleet.Options("alpha", decimated: fleet.Receiver());
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, options.Decimated.Factor - 1);
        Fleet.Settled(channel, options.Decimated.Factor - 1);
        fleet.Stop();
        Assert.That(channel.State.LastFault?.Message, Does.Contain("out of luck"));
    }
}
