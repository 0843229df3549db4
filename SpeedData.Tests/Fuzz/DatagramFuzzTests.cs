using SpeedData.Core.Schema;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Fuzz;

/// <summary>
/// Checks damaged datagrams of random schemas against Apache.Avro. To run for <see cref="FuzzRun.MinutesVariable"/> minutes:
/// <c>dotnet test -c Release --filter FullyQualifiedName~DatagramFuzzTests.For_minutes</c>.
/// </summary>
public sealed class DatagramFuzzTests
{
    private const int DatagramsOfEach = 30;

    [Test]
    public void A_few_thousand_schemas_pass() => FuzzRun.Bounded(1_500, Case);

    [Test]
    [Explicit("Runs for SPEEDDATA_FUZZ_MINUTES minutes, by default 10")]
    [CancelAfter(int.MaxValue)]
    public void For_minutes(CancellationToken _) => FuzzRun.ForMinutes(Case);

    private static void Case(Random random)
    {
        bool hasLengths = random.Next(2) == 0;
        string schema = hasLengths ? RandomSchema.Any(random) : RandomSchema.WithoutLengths(random);
        RecordLayout layout = RecordSchema.Parse(schema).Layout;
        var oracle = new Oracle(schema);
        for (int i = 0; i < DatagramsOfEach; i++)
        {
            byte[] record = oracle.Encode(random);
            Demand(layout.Check(record) == RecordFaultKind.None, schema, record);
            byte[] damaged = random.Next(8) == 0 ? Noise(random) : Mutation.Of(record, random);
            Judge(layout, oracle, hasLengths, schema, damaged);
        }
    }

    private static void Judge(RecordLayout layout, Oracle oracle, bool hasLengths, string schema, byte[] datagram)
    {
        RecordFaultKind fault = layout.Check(datagram);
        Demand(layout.Explain(datagram).Kind == fault, schema, datagram);
        RecordFaultKind measured = layout.Measure(datagram, out int length);
        Demand((fault == RecordFaultKind.None) == (measured == RecordFaultKind.None && length == datagram.Length), schema, datagram);
        bool isTaken = fault == RecordFaultKind.None;
        if (isTaken)
            Demand(oracle.ReadToEndAndWrite(datagram) is { } again && OraclePropertyTests.IsSame(layout, datagram, again), schema, datagram);
        else if (!hasLengths)
            Demand(oracle.ReadToEndAndWrite(datagram)?.AsSpan().SequenceEqual(datagram) is not true, schema, datagram);
    }

    private static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void Demand(bool holds, string schema, byte[] datagram) =>
        Assert.That(holds, Is.True, () => $"schema {schema}, datagram {Convert.ToHexString(datagram)}");
}
