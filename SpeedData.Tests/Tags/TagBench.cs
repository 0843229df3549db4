using Microsoft.Extensions.Logging.Abstractions;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Reading;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;
using SpeedData.Core.Tags;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Tags;

/// <summary>A channel that is really recorded, with retention and tags. The test moves its clock.</summary>
internal sealed class TagBench : IDisposable
{
    public const string Channel = "engine";

    public const string Schema = """
        { "type": "record", "name": "engine", "fields": [
            { "name": "sequence", "type": "long" },
            { "name": "rpm", "type": "double" },
            { "name": "state", "type": { "type": "enum", "name": "State", "symbols": ["IDLE", "RUNNING"] } } ] }
        """;

    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _temp = new();
    private readonly ChannelCounters _counters = new();
    private readonly BurstRing _ring;
    private readonly ArchiveWriter _writer;
    private readonly Task _run;
    private readonly ArchiveOptions _options;
    private RetentionRound _round = null!;
    private RetainedChannel[] _retained = [];
    private ReceiveTally _received;

    public TagBench(ArchiveOptions? options = null, TagsOptions? tags = null, IArchiveFiles? files = null)
    {
        Files = files ?? PortableArchiveFiles.ForThisPlatform;
        TagOptions = tags ?? new TagsOptions { MaxBytes = TagLimit.None };
        Root = Path.Combine(_temp.Path, "data");
        options = (options ?? new ArchiveOptions()) with { FlushEvery = TimeSpan.FromMilliseconds(1) };
        _ring = new BurstRing(BurstRing.MinCapacity, options.BlockBytes);
        Folder = new ArchiveFolder(Path.Combine(Root, Channel), Channel, Files, Time);
        _writer = new ArchiveWriter(Channel, RecordSchema.Parse(Schema), Folder, options, new TimeOptions(), new RestartOptions(), _ring, _counters.BeginWriter(), _counters, Time, Files);
        _options = options;
        Begin();
        _run = Task.Factory.StartNew(_writer.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string Root { get; }

    public IArchiveFiles Files { get; }

    public TagsOptions TagOptions { get; }

    public JumpingTime Time { get; } = new(Start);

    public ArchiveFolder Folder { get; }

    public TagKeeper Keeper { get; private set; } = null!;

    public TagDesk Desk => Keeper.Desk;

    public long NowNs => TimeText.NsOf(Time.GetUtcNow());

    /// <summary>Receive time of each record, by sequence number.</summary>
    public List<long> SentNs { get; } = [];

    /// <summary>Restarts the tag keeper as a new process would.</summary>
    public void RestartKeeper()
    {
        Keeper.Dispose();
        Begin();
    }

    /// <summary>Sends one record at the present time.</summary>
    public void Send(double rpm = 0, bool isRunning = false)
    {
        byte[] record = Encode(SentNs.Count, rpm, isRunning);
        _received.Received++;
        _received.Queued++;
        _counters.Receive.Write(_received);
        Until(() => _ring.TryWrite(record, record.Length, 1, NowNs, SourceAddress.IPv4(0x7F000001, 40000), 0), "room in the ring");
        _ring.Publish();
        SentNs.Add(NowNs);
        Until(() => _counters.Snapshot().Pending == 0, "the ledger to settle");
    }

    /// <summary>
    /// Lets time pass in steps, and sends a record and runs a round after each step. Waits for the thread that finishes files, because
    /// retention and tags see finished files only.
    /// </summary>
    public void Pass(TimeSpan span, TimeSpan step, double rpm = 0, bool isRunning = false)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += step)
        {
            Time.Advance(step);
            Send(rpm, isRunning);
            Until(() => Directory.EnumerateFiles(Folder.Path, "*.part").Take(2).Count() < 2, "the earlier file to be finished");
            Look();
        }
    }

    /// <summary>Sequence numbers of the records in the finished files below a folder.</summary>
    public static SortedSet<long> SequencesIn(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.avro", SearchOption.AllDirectories).SelectMany(Sequences)]
        : [];

    /// <summary>Sequence numbers of the records in a file.</summary>
    public static IEnumerable<long> Sequences(string path)
    {
        using var reader = Avro.File.DataFileReader<Avro.Generic.GenericRecord>.OpenReader(path);
        return [.. reader.NextEntries.Select(record => (long)record["sequence"])];
    }

    public void Look()
    {
        if (TagOptions.Auto.Count > 0)
            Keeper.Evaluate();
        Keeper.Look();
        _round.Look(_retained);
    }

    /// <summary>Ends the recording, so that every file is finished.</summary>
    public void Finish()
    {
        if (_run.IsCompleted)
            return;
        _ring.Complete();
        Assert.That(_run.Wait(Patience), Is.True, "the writer did not return");
    }

    public void Dispose()
    {
        Finish();
        _writer.Dispose();
        Keeper.Dispose();
        Folder.Dispose();
        _ring.Dispose();
        _temp.Dispose();
    }

    private void Begin()
    {
        Keeper = new TagKeeper(Root, TagOptions, Files, Time, NullLogger.Instance);
        _round = new RetentionRound(Files, Time) { Guard = Keeper };
        _retained = [_round.Retain(Folder, _options, _counters)];
        Folder.Finished = ((IFileGuard)Keeper).Finished;
    }

    private static void Until(Func<bool> condition, string what) => Assert.That(SpinWait.SpinUntil(condition, Patience), Is.True, $"waited in vain for {what}");

    private static byte[] Encode(long sequence, double rpm, bool isRunning)
    {
        byte[] record = new TestRecord(sequence, "").Encode()[..^1];
        return [.. record, .. BitConverter.GetBytes(rpm), (byte)(isRunning ? 2 : 0)];
    }
}
