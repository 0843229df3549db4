using BenchmarkDotNet.Attributes;
using SpeedData.Core.Decimate;

namespace SpeedData.Bench.Micro;

/// <summary>A burst of 60 through the decimator.</summary>
[MemoryDiagnoser]
public unsafe class DecimatorBenchmarks
{
    private readonly byte[] _burst = GC.AllocateArray<byte>(60 * 256, pinned: true);
    private Downsampler _downsampler = null!;
    private long _sent;

    [GlobalSetup]
    public void Setup() => _downsampler = new Downsampler(5, (_, length, _) => _sent += length);

    [Benchmark]
    public long Downsample()
    {
        fixed (byte* burst = _burst)
            _downsampler.Add(burst, _burst.Length, 256);
        return _sent;
    }
}
