using System.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Schema;

/// <summary>Requirements for arbitrary bytes: no exception, no allocation, and a short time.</summary>
public class HostileDatagramTests
{
    private const int Datagrams = 200_000;

    private static readonly string[] Layouts =
    [
        Schemas.Bench(29),
        Schemas.Record(("v", "\"int\""), ("next", """["null","r"]""")),
        Schemas.Record(("n", """{"type":"array","items":"null"}"""), ("d", """{"type":"array","items":"double"}""")),
        Schemas.Record(("m", """{"type":"map","values":{"type":"map","values":["null","string","bytes"]}}""")),
        Schemas.Record(("t", """{"type":"array","items":"r"}"""), ("e", """{"type":"enum","name":"e","symbols":["A"]}""")),
        Schemas.Record(("a", """{"type":"array","items":{"type":"array","items":{"type":"array","items":"boolean"}}}""")),
    ];

    [Test]
    public void Random_datagrams_never_throw_and_never_take_long()
    {
        var layouts = Layouts.Select(text => RecordSchema.Parse(text).Layout).ToArray();
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[] datagram = new byte[200];
        long slowest = 0;
        int refused = 0;
        for (int i = 0; i < Datagrams; i++)
        {
            var bytes = datagram.AsSpan(0, random.Next(datagram.Length));
            Fill(bytes, random);
            long start = Stopwatch.GetTimestamp();
            foreach (var layout in layouts)
                refused += layout.Check(bytes) == RecordFaultKind.None ? 0 : 1;
            slowest = Math.Max(slowest, Stopwatch.GetTimestamp() - start);
        }

        // A check of 200 bytes takes about a microsecond. The rest is a margin for a busy machine.
        Assert.That(Stopwatch.GetElapsedTime(0, slowest), Is.LessThan(TimeSpan.FromSeconds(2)), $"seed {seed}");
        Assert.That(refused, Is.GreaterThan(Datagrams), $"seed {seed}");
    }

    [TestCaseSource(nameof(WorstCases))]
    public void The_largest_datagram_with_the_worst_content_is_checked_in_milliseconds(string schema, byte[] datagram)
    {
        var layout = RecordSchema.Parse(schema).Layout;
        layout.Check(datagram);
        var fastest = Enumerable.Range(0, 5).Min(_ => Time(() => layout.Check(datagram)));

        Assert.That(fastest, Is.LessThan(TimeSpan.FromMilliseconds(50)));
    }

    [Test]
    public void The_deepest_nesting_fits_the_small_stack_of_a_receive_thread()
    {
        var layout = RecordSchema.Parse(Schemas.Record(("v", """{"type":"map","values":["null",{"type":"array","items":["null","r"]}]}"""))).Layout;
        byte[] nested = [.. Enumerable.Repeat<byte[]>([2, 0, 2, 2, 2], 100).SelectMany(level => level)];
        var fault = RecordFault.None;
        var thread = new Thread(() => fault = layout.Explain(nested), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.That(fault.Kind, Is.EqualTo(RecordFaultKind.TooDeep));
        Assert.That(layout.Check(nested), Is.EqualTo(RecordFaultKind.TooDeep));
    }

    [Test]
    public void Checking_and_measuring_allocate_nothing_for_valid_and_invalid_records()
    {
        var layouts = Layouts.Select(text => RecordSchema.Parse(text).Layout).ToArray();
        byte[] record = Schemas.BenchRecord(29);
        byte[] noise = new byte[120];
        new Random(1).NextBytes(noise);
        Exercise(layouts, record, noise, 10);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int taken = Exercise(layouts, record, noise, 100_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Multiple(() =>
        {
            Assert.That(allocated, Is.Zero);
            Assert.That(taken, Is.GreaterThanOrEqualTo(100_000));
        });
    }

    private static int Exercise(RecordLayout[] layouts, byte[] record, byte[] noise, int times)
    {
        int taken = 0;
        for (int i = 0; i < times; i++)
        {
            var layout = layouts[i % layouts.Length];
            taken += layouts[0].Check(record) == RecordFaultKind.None ? 1 : 0;
            taken += layout.Measure(noise, out int length) == RecordFaultKind.None ? length : 0;
            taken += layout.WholeRecords(noise.AsSpan(i % 100)) > 0 ? 1 : 0;
        }
        return taken;
    }

    private static IEnumerable<TestCaseData> WorstCases()
    {
        const int Largest = 65_507;
        byte[] smallItems = [.. Bytes.Long(Largest - 10), .. new byte[Largest - 10], 0];
        byte[] smallBlocks = [.. Enumerable.Repeat<byte[]>([1, 2, 0], Largest / 3).SelectMany(block => block)];
        byte[] nested = new byte[Largest];
        Array.Fill(nested, (byte)2);
        yield return new TestCaseData(Schemas.Record(("v", """{"type":"array","items":"boolean"}""")), smallItems).SetName("Many_small_items_are_checked_in_milliseconds");
        yield return new TestCaseData(Schemas.Record(("v", """{"type":"array","items":"boolean"}""")), smallBlocks).SetName("Many_small_blocks_are_checked_in_milliseconds");
        yield return new TestCaseData(Schemas.Record(("v", """{"type":"array","items":"r"}""")), nested).SetName("Arrays_in_arrays_are_checked_in_milliseconds");
        yield return new TestCaseData(Schemas.Record(("v", """{"type":"array","items":"r"}""")), smallItems).SetName("Many_empty_arrays_are_checked_in_milliseconds");
    }

    // Half of the bytes are noise. The other half are small numbers, which get much further into a schema.
    private static void Fill(Span<byte> bytes, Random random)
    {
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
            return;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] &= 0x07;
    }

    private static TimeSpan Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }
}
