using BenchmarkDotNet.Attributes;
using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Schema;

namespace SpeedData.Bench.Micro;

/// <summary>Measures check and decimation of a burst of 40, per datagram.</summary>
[MemoryDiagnoser]
public unsafe class DecimatorBenchmarks
{
    private const int Burst = 40;
    private readonly Sink _sink = new();
    private byte[] _burst = null!;
    private Decimator _decimator = null!;
    private MarkBuffer _marks = null!;

    [Params(DecimationAlgorithm.Downsample, DecimationAlgorithm.Average, DecimationAlgorithm.Rms, DecimationAlgorithm.MinMax)]
    public DecimationAlgorithm Algorithm { get; set; }

    [Params(256, 1400)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _burst = GC.AllocateArray<byte>(Burst * Size, pinned: true);
        for (int i = 0; i < Burst; i++)
            BenchRecord.Write(_burst.AsSpan(i * Size, Size), 1_700_000_000_000_000_000, i);
        var channel = new ChannelOptions { Name = "bench", Port = 1, SchemaPath = "", Decimated = new ChannelOptions { Name = "", Port = 1, SchemaPath = "" }.Decimated with { Algorithm = Algorithm } };
        _decimator = DecimatorFactory.Create(channel, RecordSchema.Parse(BenchRecord.Schema(Size)).Layout, _sink, TimeProvider.System);
        _marks = new MarkBuffer(_decimator.Scan);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _decimator.Dispose();
        _marks.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public long CheckAndDecimate()
    {
        fixed (byte* burst = _burst)
        {
            for (int i = 0; i < Burst; i++)
                _decimator.Scan.Check(new ReadOnlySpan<byte>(burst + (i * Size), Size), _marks.For(i));
            _decimator.Add(new RecordRun(burst, Burst * Size, Size, _marks.Noted, 1));
        }

        _decimator.EndBatch();
        return _sink.Bytes;
    }

    private sealed class Sink : IRecordSink
    {
        public long Bytes { get; private set; }

        public void Add(byte* record, int length) => Bytes += length;

        public void Refuse()
        {
        }

        public void Flush()
        {
        }
    }
}
