using BenchmarkDotNet.Attributes;
using SpeedData.Core.Schema;

namespace SpeedData.Bench.Micro;

/// <summary>Measures the check of one datagram against its schema.</summary>
[MemoryDiagnoser]
public class SchemaCheckBenchmarks
{
    private RecordLayout _layout = null!;
    private byte[] _record = null!;

    [Params(256, 1400)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _layout = RecordSchema.Parse(BenchRecord.Schema(Size)).Layout;
        _record = new byte[Size];
        BenchRecord.Write(_record, 1_700_000_000_000_000_000, 1);
    }

    [Benchmark]
    public bool Valid() => _layout.Check(_record) == RecordFaultKind.None;

    [Benchmark]
    public bool CutOff() => _layout.Check(_record.AsSpan(0, Size - 1)) == RecordFaultKind.None;
}
