using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>The power fails after each file operation of a writer. The disk keeps all synced data and any part of the rest.</summary>
public sealed class PowerLossTests
{
    private const string AnotherBoot = "11111111-2222-3333-4444-555555555555";

    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Zstandard)]
    public void All_synced_records_are_recovered_and_no_record_is_invented(ArchiveCodec codec)
    {
        Recording recording = Write(codec);
        using var bench = new RecoveryBench();
        for (int moment = 0; moment <= recording.Log.Count; moment++)
        {
            HashSet<long> promised = recording.SyncedRecords(moment);
            foreach (Unsynced unsynced in Enum.GetValues<Unsynced>())
                LosePower(bench, recording, moment, unsynced, promised);
        }
    }

    private static void LosePower(RecoveryBench bench, Recording recording, int moment, Unsynced unsynced, HashSet<long> promised)
    {
        string when = $"after operation {moment} of {recording.Log.Count}, unsynced {unsynced}";
        bench.Clear();
        foreach ((string name, byte[] bytes) in DiskAfterPowerLoss.Files(recording.Log, moment, unsynced, seed: moment))
            bench.Put(name, bytes);
        Assert.That(bench.Recover(AnotherBoot), Is.True, when);
        // Reading the records asserts that every file is valid.
        List<TestRecord> archived = [.. bench.Names.Where(name => name.EndsWith(".avro", StringComparison.Ordinal)).SelectMany(name => new ContainerFile(bench.PathOf(name)).Records())];
        Assert.Multiple(() =>
        {
            Assert.That(archived.Select(record => record.Sequence), Is.Ordered.And.Unique, when);
            Assert.That(archived.Where(record => record.Sequence < 0 || record.Sequence >= recording.Sent || record.Text != TextOf(record.Sequence)), Is.Empty, $"{when}: invented");
            Assert.That(promised.Except(archived.Select(record => record.Sequence)), Is.Empty, $"{when}: lost");
            Assert.That(bench.Names.Where(name => name.EndsWith(".part", StringComparison.Ordinal)), Is.Empty, when);
        });
    }

    /// <summary>Runs a writer that rotates, flushes and syncs while records arrive.</summary>
    private static Recording Write(ArchiveCodec codec)
    {
        using var root = new TempFolder();
        string folder = Path.Combine(root.Path, RecoveryBench.Channel);
        var files = new RecordingFiles();
        var options = new ArchiveOptions { Codec = codec, BlockBytes = 4096, FlushEvery = TimeSpan.FromMilliseconds(1), SyncEvery = TimeSpan.FromMilliseconds(2), RotateBytes = 30_000 };
        var counters = new ChannelCounters();
        using var ring = new BurstRing(BurstRing.MinCapacity, options.BlockBytes);
        using var model = new ArchiveFolder(folder, RecoveryBench.Channel, files, TimeProvider.System);
        using var writer = new ArchiveWriter(RecoveryBench.Channel, RecordSchema.Parse(TestRecord.Schema), model, options, new TimeOptions(), new RestartOptions(), ring, counters.BeginWriter(), counters, TimeProvider.System, files);
        Task run = Task.Factory.StartNew(writer.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        int sent = 0;
        var recording = new Recording();
        for (int block = 0; block < 25; block++)
        {
            int first = sent;
            for (int burst = 0; burst < 10; burst++)
                Send(ring, counters, ref sent);
            ArchiveBench.Until(() => counters.Snapshot().Writer.Archived == sent, "the block");
            recording.Attribute(files.Log, first, sent);
        }

        ring.Complete();
        Assert.That(run.Wait(TimeSpan.FromSeconds(20)), Is.True);
        recording.Log = files.Log;
        return recording;
    }

    private static void Send(BurstRing ring, ChannelCounters counters, ref int sent)
    {
        ReceiveTally tally = counters.Receive.Value;
        byte[] record = new TestRecord(sent, TextOf(sent)).Encode();
        tally.Received++;
        tally.Queued++;
        counters.Receive.Write(tally);
        Assert.That(ring.TryWrite(record, record.Length, 1, 1_700_000_000_000_000_000 + sent, SourceAddress.IPv4(0x7F000001, 4000), 0), Is.True);
        ring.Publish();
        sent++;
    }

    private static string TextOf(long sequence) => new((char)('a' + (sequence % 26)), 50 + (int)(sequence % 97));

    /// <summary>The operations of a writer, and the records in each of its writes.</summary>
    private sealed class Recording
    {
        private readonly Dictionary<(int File, long Offset), long[]> _records = [];

        public IReadOnlyList<DiskOperation> Log { get; set; } = [];

        public int Sent { get; private set; }

        /// <summary>Attributes these records to the last of the new writes: only a sync of all of them promises the records.</summary>
        public void Attribute(IReadOnlyList<DiskOperation> log, int first, int sent)
        {
            List<DiskOperation> fresh = [.. log.Where(operation => IsBlock(log, operation) && !_records.ContainsKey((operation.File, operation.Offset)))];
            foreach (DiskOperation write in fresh)
                _records[(write.File, write.Offset)] = write == fresh[^1] ? [.. Enumerable.Range(first, sent - first).Select(record => (long)record)] : [];
            Sent = sent;
        }

        /// <summary>Records in writes that a completed sync of their file covers, if the file's name is durable.</summary>
        public HashSet<long> SyncedRecords(int moment)
        {
            var records = new HashSet<long>();
            IReadOnlyList<DiskOperation> done = [.. Log.Take(moment)];
            long names = done.Where(operation => operation.Kind == DiskOperationKind.FolderSynced).Select(operation => operation.Offset).DefaultIfEmpty(0).Max();
            foreach (DiskOperation sync in done.Where(operation => operation.Kind == DiskOperationKind.Synced))
            {
                bool named = done.Take((int)names).Any(operation => operation.Kind == DiskOperationKind.Create && operation.File == sync.File);
                foreach (DiskOperation write in done.Take((int)sync.Offset).Where(operation => named && operation.File == sync.File && IsBlock(Log, operation)))
                    records.UnionWith(_records[(write.File, write.Offset)]);
            }

            return records;
        }

        private static bool IsBlock(IReadOnlyList<DiskOperation> log, DiskOperation operation) =>
            operation.Kind == DiskOperationKind.Write && operation.Offset > 0 && NameOf(log, operation.File).EndsWith(".avro.part", StringComparison.Ordinal);

        private static string NameOf(IReadOnlyList<DiskOperation> log, int file) =>
            log.First(operation => operation.Kind == DiskOperationKind.Create && operation.File == file).Name!;
    }
}
