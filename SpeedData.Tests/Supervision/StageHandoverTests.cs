using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Schema;
using SpeedData.Tests.Decimate;

namespace SpeedData.Tests.Supervision;

/// <summary>How the receive thread takes over a new stage, at moments that are hard to hit with real threads.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StageHandoverTests : IDisposable
{
    private readonly List<CheckAndDecimator> _checks = [];
    private readonly FakeTimeProvider _time = new();
    private readonly StreamOutput _decimated = new();
    private readonly ChannelCounters _counters = new();
    private readonly ReceiveLoop _loop;
    private readonly ScriptedReceiver _receiver;
    private int _stages;

    public StageHandoverTests()
    {
        _receiver = new ScriptedReceiver(_time);
        _loop = new ReceiveLoop(_decimated, _counters, new RejectLog());
        _receiver.AtEnd = _loop.Stop;
    }

    public void Dispose()
    {
        _checks.ForEach(check => check.Dispose());
        _receiver.Dispose();
    }

    [Test]
    public void A_stage_offered_during_the_last_batch_is_taken_over_before_the_thread_ends()
    {
        var sender = new CapturingSender();
        _loop.Offer(Stage(sender));
        _loop.Prepare(_receiver);
        _receiver.Batch(new BurstOf(1, Record(1)));
        sender.OnAdd = () =>
        {
            _loop.Stop();
            _loop.Offer(Stage(new CapturingSender()));
        };
        _loop.Run();
        Assert.That(_loop.StageInUse, Is.EqualTo(_stages));
    }

    [Test]
    public void After_a_fault_datagrams_in_the_senders_are_neither_sent_nor_counted_again()
    {
        var sender = new CapturingSender();
        ReceiveStage first = Stage(sender);
        _loop.Offer(first);
        _loop.Prepare(_receiver);
        _receiver.Batch(new BurstOf(1, Record(1), Record(2)), new BurstOf(2, Record(3)));
        sender.OnAdd = () => sender.OnAdd = () =>
        {
            // Offers a change that keeps the sender, in the batch that fails.
            _loop.Offer(first with { Number = ++_stages, Archives = true });
            throw new InvalidOperationException("injected");
        };
        Assert.That(_loop.Run, Throws.InvalidOperationException);
        _loop.EndWindow();
        ReceiveTally tally = _counters.Receive.Read();
        Assert.Multiple(() =>
        {
            Assert.That(_loop.StageInUse, Is.EqualTo(_stages), "the offered stage is taken over");
            Assert.That(tally.FullRelayed + tally.FullErrors, Is.EqualTo(3), "full");
            Assert.That(tally.DecimatedRelayed + tally.DecimatedErrors, Is.EqualTo(tally.WindowRecords), "decimated");
            Assert.That(sender.Sent, Is.Empty, "sent");
        });
    }

    private ReceiveStage Stage(IDatagramSender full)
    {
        var channel = new ChannelOptions { Name = "stage", Port = 1, SchemaPath = "" };
        var schema = RecordSchema.Parse("""{"type":"record","name":"R","fields":[{"name":"counter","type":"int"}]}""");
        var check = new CheckAndDecimator(channel, schema.Layout, _decimated, _time);
        _checks.Add(check);
        return new ReceiveStage { Number = ++_stages, Filter = new SourceFilter([]), Lanes = [new RecordLane(check, null, _counters.Of(schema))], Relays = true, FullRate = full, Decimated = new CapturingSender() };
    }

    private static byte[] Record(byte counter) => [(byte)(counter * 2)];
}
