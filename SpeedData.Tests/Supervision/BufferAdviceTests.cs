using System.Net;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Supervision;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Supervision;

public sealed class BufferAdviceTests
{
    private const int Wanted = 1000;

    [TestCase(999, Wanted, Wanted, "Receive:BufferBytes = 1000 bytes requested, 999 granted; on the host: sysctl -w net.core.rmem_max=1000")]
    [TestCase(Wanted, 999, Wanted, "FullRate:BufferBytes = 1000 bytes requested, 999 granted; on the host: sysctl -w net.core.wmem_max=1000")]
    [TestCase(Wanted, Wanted, 999, "Decimated:BufferBytes = 1000 bytes requested, 999 granted; on the host: sysctl -w net.core.wmem_max=1000")]
    public void A_buffer_smaller_than_requested_is_logged_once_with_the_fix(int receive, int full, int decimated, string expected)
    {
        using var log = new RecordingLog();
        var advice = new BufferAdvice(log.For<BufferAdvice>());
        advice.Consider(Options(), Gauges(receive, full, decimated));
        advice.Consider(Options(), Gauges(receive, full, decimated));
        Assert.That(log.Lines, Has.Count.EqualTo(1));
        Assert.That(log.Lines[0], Does.StartWith($"Warning: Channel alpha: {expected}"));
    }

    [Test]
    public void Buffers_as_large_as_requested_are_not_logged()
    {
        using var log = new RecordingLog();
        new BufferAdvice(log.For<BufferAdvice>()).Consider(Options(), Gauges(Wanted, Wanted, Wanted));
        Assert.That(log.Lines, Is.Empty);
    }

    private static ChannelOptions Options() => new()
    {
        Name = "alpha",
        Port = 26000,
        SchemaPath = "",
        Receive = new ReceiveOptions { BufferBytes = Wanted },
        FullRate = new StreamOptions { Address = IPAddress.Loopback, Port = 9, BufferBytes = Wanted },
        Decimated = new DecimatedOptions { Address = IPAddress.Loopback, Port = 9, BufferBytes = Wanted },
    };

    private static PipelineGauges Gauges(int receive, int full, int decimated) => new(receive, full, decimated, 0, 0);
}
