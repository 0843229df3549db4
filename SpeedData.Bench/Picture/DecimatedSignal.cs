using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Schema;

namespace SpeedData.Bench.Picture;

/// <summary>Decimates a signal like a channel does.</summary>
internal sealed unsafe class DecimatedSignal : IRecordSink
{
    private const string Schema = """{"type":"record","name":"signal","fields":[{"name":"value","type":"double"}]}""";

    private readonly List<double> _values = [];

    private DecimatedSignal()
    {
    }

    /// <summary>Returns the values of the decimated records in their order.</summary>
    public static IReadOnlyList<double> Of(double[] samples, DecimationAlgorithm algorithm, int factor)
    {
        var channel = new ChannelOptions { Name = "picture", Port = 1, SchemaPath = "" };
        channel = channel with { Decimated = channel.Decimated with { Algorithm = algorithm, Factor = factor } };
        var sink = new DecimatedSignal();
        using Decimator decimator = DecimatorFactory.Create(channel, RecordSchema.Parse(Schema).Layout, sink, TimeProvider.System);
        using var marks = new MarkBuffer(decimator.Scan);
        fixed (double* first = samples)
            decimator.Add(new RecordRun((byte*)first, samples.Length * sizeof(double), sizeof(double), marks.Fixed, 1));
        return sink._values;
    }

    public void Add(byte* record, int length) => _values.Add(*(double*)record);

    public void Refuse() => throw new InvalidOperationException("a record of eight bytes fits a datagram");

    public void Flush()
    {
        // The records are copied immediately.
    }
}
