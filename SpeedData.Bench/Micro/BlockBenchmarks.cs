using BenchmarkDotNet.Attributes;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Bench.Micro;

/// <summary>
/// Measures the way from the ring to the file: the writer stage cuts 8 MiB of bursts into blocks, encodes and writes them.
/// </summary>
[MemoryDiagnoser]
public class BlockBenchmarks
{
    private const int RingBytes = 16 << 20, Bursts = 546, BurstBytes = 60 * 256;
    private readonly string _folder = Directory.CreateTempSubdirectory("speeddata-bench-").FullName;
    private readonly byte[] _burst = new byte[BurstBytes];

    [Params(ArchiveCodec.Null, ArchiveCodec.Deflate, ArchiveCodec.Zstandard)]
    public ArchiveCodec Codec { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < 60; i++)
            BenchRecord.Write(_burst.AsSpan(i * 256, 256), 1_700_000_000_000_000_000, i);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Bursts * 60)]
    public long WriteDatagrams()
    {
        using var ring = new BurstRing(RingBytes, 256 << 10);
        var counters = new ChannelCounters();
        SeqLock<WriterTally> tally = counters.BeginWriter();
        for (int i = 0; i < Bursts; i++)
            ring.TryWrite(_burst, 256, 60, 1, SourceAddress.IPv4(1, 1), 0);
        ring.Publish();
        ring.Complete();
        using var folder = new ArchiveFolder(_folder, "bench", PortableArchiveFiles.ForThisPlatform, TimeProvider.System);
        using var writer = new ArchiveWriter("bench", RecordSchema.Parse(BenchRecord.Schema(256)), folder, new ArchiveOptions { Codec = Codec }, new TimeOptions(), new RestartOptions(), ring, tally, counters, TimeProvider.System);
        writer.Run();
        foreach (string file in Directory.EnumerateFiles(_folder))
            File.Delete(file);
        return tally.Read().Archived;
    }
}
