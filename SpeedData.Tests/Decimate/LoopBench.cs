using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Receive;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Decimate;

/// <summary>Runs a channel's receive loop and decimator on the caller's thread. It follows a script and keeps both streams.</summary>
internal sealed class LoopBench : IDisposable
{
    private readonly CheckAndDecimator _check;
    private readonly ReceiveLoop _loop;

    public LoopBench(RecordLayout layout, DecimationAlgorithm algorithm, int factor, TimeSpan? maxWindow = null, TimeOptions? time = null, ChannelCounters? counters = null)
    {
        Counters = counters ?? new ChannelCounters();
        Receiver = new ScriptedReceiver(Time);
        var channel = new ChannelOptions { Name = "bench", Port = 1, SchemaPath = "", Time = time ?? new TimeOptions() };
        channel = channel with { Decimated = channel.Decimated with { Algorithm = algorithm, Factor = factor, MaxWindow = maxWindow } };
        var decimated = new StreamOutput();
        _check = new CheckAndDecimator(channel, layout, decimated, Time);
        _loop = new ReceiveLoop(decimated, Counters, new RejectLog());
        _loop.Offer(new ReceiveStage { Number = 1, Filter = new SourceFilter([]), Lanes = [new RecordLane(_check, null, Counters.Of(RecordSchema.Parse("""{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}""")))], Relays = true, FullRate = Full, Decimated = Decimated });
        _loop.Prepare(Receiver);
        Receiver.AtEnd = _loop.Stop;
    }

    public FakeTimeProvider Time { get; } = new();

    public ScriptedReceiver Receiver { get; }

    public CapturingSender Full { get; } = new();

    public CapturingSender Decimated { get; } = new();

    public ChannelCounters Counters { get; }

    /// <summary>Runs the script to its end and stops the loop.</summary>
    public void Run()
    {
        _loop.Run();
        _loop.EndWindow();
    }

    /// <summary>Stops the loop. The rest of the script counts as queued.</summary>
    public void Stop() => _loop.Stop();

    public void AssertLedger()
    {
        ReceiveTally tally = Counters.Receive.Read();
        Assert.Multiple(() =>
        {
            Assert.That(tally.FullRelayed + tally.FullErrors, Is.EqualTo(tally.Received - tally.Invalid - tally.SourceDenied), "full");
            Assert.That(tally.DecimatedRelayed + tally.DecimatedErrors, Is.EqualTo(tally.WindowRecords), "decimated");
        });
    }

    public void Dispose()
    {
        _check.Dispose();
        Receiver.Dispose();
    }
}
