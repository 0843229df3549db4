using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Supervision;

namespace SpeedData.Bench.EndToEnd;

/// <summary>Runs one channel on loopback, with a sender and a receiver for each stream, all in this process.</summary>
internal sealed class Bed : IDisposable
{
    private const string Channel = "bench";
    private static readonly IPAddress FullGroup = IPAddress.Parse("239.255.77.1"), DecimatedGroup = IPAddress.Parse("239.255.77.2");
    private readonly Scenario _scenario;
    private readonly string _folder;
    private readonly KernelTransport _transport = new();
    private readonly Supervisor _supervisor;
    private readonly Channel _channel;
    private readonly Listener _full = new(FullGroup, 26977);
    private readonly Listener _decimated = new(DecimatedGroup, 26978);

    /// <param name="scenario">The scenario to run.</param>
    /// <param name="archive">Folder for the archives, which are deleted at the end.</param>
    public Bed(Scenario scenario, string archive)
    {
        _scenario = scenario;
        _folder = Path.Combine(archive, $"speeddata-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(_folder);
        _supervisor = new Supervisor(new PipelineServices(_transport, _folder, TimeProvider.System), NullLogger<Supervisor>.Instance);
        _channel = _supervisor.Add(new ChannelOptions
        {
            Name = Channel,
            Port = 26976,
            SchemaPath = "bench.avsc",
            Receive = new ReceiveOptions { Address = IPAddress.Loopback },
            FullRate = new StreamOptions { Address = FullGroup, Port = 26977, Interface = "127.0.0.1" },
            Decimated = new DecimatedOptions { Address = DecimatedGroup, Port = 26978, Interface = "127.0.0.1" },
            Archive = new ArchiveOptions { Enabled = scenario.Archive },
        }, RecordSchema.Parse(BenchRecord.Schema(scenario.Bytes)));
    }

    public Measurement Measure(TimeSpan duration)
    {
        using var generator = new Generator(_scenario, IPAddress.Loopback, 26976);
        long before = _full.Received;
        double? cpu = ThreadClock.Microseconds(Channel);
        (long sent, double rate) = generator.Run(duration);
        WaitUntilQuiet(before + sent);
        double? used = ThreadClock.Microseconds(Channel) - cpu;
        LedgerSnapshot ledger = _channel.Counters.Snapshot();
        return new Measurement(sent, before + sent - _full.Received, rate, used / sent, _full.Microseconds(0.5), _full.Microseconds(0.99), Holds(ledger));
    }

    public void Dispose()
    {
        _supervisor.StopAsync(TimeSpan.FromSeconds(4)).GetAwaiter().GetResult();
        _supervisor.Dispose();
        _transport.Dispose();
        _full.Dispose();
        _decimated.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool Holds(LedgerSnapshot l) =>
        l.Receive.FullRelayed + l.Receive.FullErrors == l.Receive.Received - l.Receive.Invalid - l.Receive.SourceDenied && l.Pending >= 0;

    /// <summary>Waits until all datagrams have arrived, or none has for a while.</summary>
    private void WaitUntilQuiet(long expected)
    {
        long seen = -1, since = Stopwatch.GetTimestamp();
        while (_full.Received < expected && Stopwatch.GetElapsedTime(since).TotalMilliseconds < 500)
        {
            if (_full.Received != seen)
                (seen, since) = (_full.Received, Stopwatch.GetTimestamp());
            // Sleeps between looks, to leave the processor to the measured threads.
            Thread.Sleep(10);
        }
    }
}
