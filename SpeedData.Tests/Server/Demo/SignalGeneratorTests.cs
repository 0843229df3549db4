using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Server.Demo;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Demo;

public sealed class SignalGeneratorTests
{
    private readonly RecordLayout _layout = RecordSchema.Load(TestChannels.ExampleSchema).Layout;

    [TestCase("0.0.0.0", "127.0.0.1")]
    [TestCase("127.0.0.9", "127.0.0.9")]
    [TestCase("239.7.7.7", "239.7.7.7")]
    public void The_generator_sends_to_the_address_of_the_channel(string address, string destination) =>
        Assert.That(GeneratorFor(address, 26000, TimeProvider.System).Destination(), Is.EqualTo(new IPEndPoint(IPAddress.Parse(destination), 26000)));

    [Test]
    public async Task Sending_starts_when_the_channel_is_active_and_catches_up_after_a_delay()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var time = new FakeTimeProvider(TestChannels.Noon);
        TestChannel channel = TestChannels.Starting(TestChannels.Options(port: port));
        using var stop = new CancellationTokenSource();
        Task running = GeneratorFor("127.0.0.1", port, time).RunAsync(channel, stop.Token);

        time.Advance(TimeSpan.FromSeconds(5));
        int early = socket.Available;
        channel.NowState = new ChannelState(ChannelStatus.Active, TestChannels.Noon);
        await AdvanceUntilAsync(time, () => socket.Available > 0);
        // After one late turn, everything that is due is sent and nothing is left out.
        time.Advance(TimeSpan.FromSeconds(1));
        int[] counters = [.. Enumerable.Range(0, 101).Select(_ => Receive(socket))];
        await stop.CancelAsync();
        await running;

        Assert.Multiple(() =>
        {
            Assert.That(early, Is.Zero);
            Assert.That(counters, Is.EqualTo(Enumerable.Range(0, 101)));
        });
    }

    private static SignalGenerator GeneratorFor(string address, int port, TimeProvider time) => new(
        TestChannels.Options(port: port) with { Receive = new ReceiveOptions { Address = IPAddress.Parse(address) } }, DemoRecord.Example, time, new RecordingLog().For<SignalGenerator>());

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> done)
    {
        while (!done())
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }
    }

    /// <summary>Receives the next datagram, which must be a valid record, and returns its counter.</summary>
    private int Receive(Socket socket)
    {
        byte[] buffer = new byte[DemoSignal.MaxBytes];
        int length = socket.Receive(buffer);
        Assert.That(_layout.Check(buffer.AsSpan(0, length)), Is.EqualTo(RecordFaultKind.None));
        // time: 9 bytes at this epoch; message: one length byte, then "sample " and the digits.
        string text = System.Text.Encoding.ASCII.GetString(buffer, 10, buffer[9] / 2);
        return int.Parse(text["sample ".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
