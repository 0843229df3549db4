using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Archive;

/// <summary>A writer with a ring, with counters as the receive thread keeps them, and with a folder of its own.</summary>
internal sealed class ArchiveBench : IDisposable
{
    public const string Channel = "bench";

    /// <summary>2026-01-02 03:04:05.678901 UTC, and 234 ns.</summary>
    public const long StartNs = 1_767_323_045_678_901_234;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _root = Directory.CreateTempSubdirectory("speeddata-archive-").FullName;
    private ReceiveTally _received;
    private Task? _run;

    public ArchiveBench(ArchiveOptions? options = null, TimeProvider? time = null, int ringBytes = BurstRing.MinCapacity, RestartOptions? backoff = null, string? folder = null, string? timeField = "sequence")
    {
        Folder = folder ?? Path.Combine(_root, "data", Channel);
        Options = options ?? new ArchiveOptions { FlushEvery = TimeSpan.FromMilliseconds(1) };
        Ring = new BurstRing(ringBytes, Options.BlockBytes);
        Model = new ArchiveFolder(Folder, Channel, Files, time ?? Time);
        Writer = new ArchiveWriter(Channel, RecordSchema.Parse(TestRecord.Schema), Model, Options, new TimeOptions { Field = timeField }, backoff ?? new RestartOptions(), Ring, Counters.BeginWriter(), Counters, time ?? Time, Files);
    }

    public string Folder { get; }

    public ArchiveFolder Model { get; }

    public ArchiveOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddTicks(StartNs / 100));

    public FaultyFiles Files { get; } = new();

    public BurstRing Ring { get; }

    public ChannelCounters Counters { get; } = new();

    public ArchiveWriter Writer { get; }

    public long Sent { get; private set; }

    /// <summary>Sender of the next burst.</summary>
    public SourceAddress Source { get; set; } = SourceAddress.IPv4(0x7F000001, 40000);

    /// <summary>Unix time of the next burst in nanoseconds.</summary>
    public long NowNs { get; set; } = StartNs;

    /// <summary>Number of datagrams lost before the next burst.</summary>
    public uint LostBefore { get; set; }

    public LedgerSnapshot Ledger => Counters.Snapshot();

    public IEnumerable<string> Finished => FilesEndingIn(".avro");

    public IEnumerable<string> Parts => FilesEndingIn(".part");

    public void Start() => _run = Task.Factory.StartNew(Writer.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Queues a burst of records; waits while the ring is full.</summary>
    public void Send(int records = 1, int textLength = 10)
    {
        byte[] payload = [.. Enumerable.Range(0, records).SelectMany(i => new TestRecord(Sent + i, new string('x', textLength)).Encode())];
        _received.Received += records;
        _received.Queued += records;
        Counters.Receive.Write(_received);
        Until(() => Ring.TryWrite(payload, payload.Length / records, records, NowNs, Source, LostBefore), "room in the ring");
        Ring.Publish();
        LostBefore = 0;
        Sent += records;
    }

    /// <summary>Queues a burst and waits until it is accounted for. With a short flush interval, this makes one block.</summary>
    public void SendBlock(int records = 1, int textLength = 10)
    {
        Send(records, textLength);
        UntilSettled();
    }

    public void UntilSettled() => Until(() => Ledger.Pending == 0, "the ledger to settle");

    public static void Until(Func<bool> condition, string what) => Assert.That(SpinWait.SpinUntil(condition, Patience), Is.True, $"waited in vain for {what}");

    /// <summary>Completes the ring and waits until the writer returns; rethrows the writer's exception.</summary>
    public void Finish()
    {
        Ring.Complete();
        if (_run is null)
            Start();
        Join();
    }

    public void Join() => Assert.That(_run!.Wait(Patience), Is.True, "the writer did not return");

    /// <summary>Reads the records of all finished files, in the order of the files' names.</summary>
    public List<TestRecord> Archived() => [.. Finished.SelectMany(file => new ContainerFile(file).Records())];

    /// <summary>Asserts that each sent record is in a finished file, once and in order, and that the ledger agrees.</summary>
    public void AssertAllArchived()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Archived().Select(record => record.Sequence), Is.EqualTo(Enumerable.Range(0, (int)Sent)));
            Assert.That(Parts, Is.Empty);
        });
        AssertLedger(disk: 0, fault: 0);
    }

    /// <summary>Asserts that nothing is pending and that every datagram is archived or counted as dropped.</summary>
    public void AssertLedger(long disk, long fault)
    {
        LedgerSnapshot ledger = Ledger;
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.Received, Is.EqualTo(Sent));
            Assert.That(ledger.Pending, Is.Zero, "pending");
            Assert.That(ledger.Writer.Disk, Is.EqualTo(disk), "disk");
            Assert.That(ledger.Writer.Fault, Is.EqualTo(fault), "fault");
            Assert.That(ledger.Writer.Archived, Is.EqualTo(Sent - disk - fault), "archived");
        });
    }

    public void Dispose()
    {
        if (_run is { IsCompleted: false })
        {
            Writer.Abandon();
            _run.Wait(Patience);
        }
        Writer.Dispose();
        Model.Dispose();
        Ring.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private IEnumerable<string> FilesEndingIn(string suffix) => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder).Where(file => file.EndsWith(suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        : [];
}
