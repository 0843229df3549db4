using Avro.Generic;
using FsCheck;
using FsCheck.Fluent;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Tests.Decimate.Numbers;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Decimate;

/// <summary>
/// Compares the receive loop with the simple reference, over random schemas, records and windows. Invalid datagrams arrive in
/// between, and age or a stop can end a window. FsCheck draws the seeds and prints a failing one.
/// </summary>
[TestFixture(DecimationAlgorithm.Downsample)]
[TestFixture(DecimationAlgorithm.Average)]
[TestFixture(DecimationAlgorithm.Rms)]
[TestFixture(DecimationAlgorithm.MinMax)]
public class DecimatorPropertyTests(DecimationAlgorithm algorithm)
{
    private const int Cases = 700;
    private static readonly TimeSpan MaxWindow = TimeSpan.FromMilliseconds(10);

    [Test]
    public void Every_window_agrees_with_the_simple_reference() => ForAll(random => Check(random, SignalSchema.Any(random)));

    [Test]
    public void Records_of_any_schema_are_decimated() => ForAll(random => Check(random, RandomSchema.Any(random)));

    private void Check(Random random, string schema)
    {
        var layout = RecordSchema.Parse(schema).Layout;
        var oracle = new Oracle(SignalSchema.ForOracle(schema), Doubles(random));
        int factor = new[] { 1, 2, 5, random.Next(1, 60), random.Next(40) == 0 ? 1000 : 3 }[random.Next(5)];
        var reference = new ReferenceWindow(algorithm, TimeField.Find(layout)?.Name);
        var windows = new WindowsByHand(factor * reference.RecordsPerWindow, random.Next(2) == 0 ? MaxWindow : null);
        using var bench = new LoopBench(layout, algorithm, factor, windows.MaxWindow);

        Feed(random, layout, oracle, factor * reference.RecordsPerWindow, windows, bench.Receiver);
        bench.Run();

        List<GenericRecord> expected = [.. windows.Closed.SelectMany(window => reference.Results([.. window.Select(oracle.Read)]))];
        Assert.That(bench.Decimated.Sent, Has.Count.EqualTo(expected.Count), () => $"factor {factor}, schema {schema}");
        for (int i = 0; i < expected.Count; i++)
        {
            byte[] sent = bench.Decimated.Sent[i];
            Assert.That(layout.Explain(sent), Is.EqualTo(RecordFault.None), () => $"{schema}\n{Convert.ToHexString(sent)}");
            Assert.That(SameValues.Difference(expected[i], oracle.Read(sent)), Is.Null, () => $"result {i}, factor {factor}, schema {schema}");
        }

        bench.AssertLedger();
        Assert.That(bench.Counters.Receive.Read().WindowRecords, Is.EqualTo(expected.Count));
    }

    /// <summary>
    /// Feeds the records of several windows, with invalid datagrams in between, in random bursts and batches, with pauses. Adds the
    /// valid records to the reference.
    /// </summary>
    private static void Feed(Random random, RecordLayout layout, Oracle oracle, int size, WindowsByHand windows, ScriptedReceiver receiver)
    {
        int records = random.Next(1, 3 * size);
        long time = 1_700_000_000_000_000_000;
        while (records > 0)
        {
            var batch = new List<(long, byte[])>();
            for (int left = random.Next(1, 40); left > 0 && records > 0; left--)
            {
                byte[] datagram = oracle.Encode(random);
                if (random.Next(6) == 0)
                    datagram = Mutation.Of(datagram, random);
                time += random.Next(4) == 0 ? random.Next(0, 3_000_000) : 0;
                batch.Add((time, datagram));
                if (layout.Check(datagram) != RecordFaultKind.None)
                    continue;
                windows.Add(time, datagram);
                records--;
            }

            receiver.Batch([.. BurstOf.Cut(random, batch)]);
            if (random.Next(5) == 0)
            {
                TimeSpan idle = TimeSpan.FromMilliseconds(random.Next(1, 15));
                receiver.Idle(idle);
                windows.Idle(idle);
                time += (long)idle.TotalNanoseconds;
            }
        }

        windows.End();
    }

    /// <summary>Draws doubles of one kind per case, so that ordinary doubles also occur together.</summary>
    private static Func<Random, double> Doubles(Random random)
    {
        double[] some = NumberBench.Values(random, 500);
        return r => some[r.Next(some.Length)];
    }

    private static void ForAll(Action<Random> property) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => property(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
}
