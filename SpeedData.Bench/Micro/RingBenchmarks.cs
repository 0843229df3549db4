using BenchmarkDotNet.Attributes;
using SpeedData.Core.Ring;
using SpeedData.Core.Sources;

namespace SpeedData.Bench.Micro;

/// <summary>Measures a burst into the ring and out again on one thread, without contention.</summary>
[MemoryDiagnoser]
public class RingBenchmarks
{
    private readonly BurstRing _ring = new(8 << 20, 256 << 10);
    private byte[] _burst = null!;

    [Params(1, 60)]
    public int Datagrams { get; set; }

    [GlobalSetup]
    public void Setup() => _burst = new byte[256 * Datagrams];

    [GlobalCleanup]
    public void Cleanup() => _ring.Dispose();

    [Benchmark]
    public bool WritePublishRelease()
    {
        bool written = _ring.TryWrite(_burst, 256, Datagrams, 1, SourceAddress.IPv4(1, 1), 0);
        _ring.Publish();
        _ring.Release(_ring.PublishedIndex);
        return written;
    }
}
