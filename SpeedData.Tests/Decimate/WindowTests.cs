using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Tests.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Decimate;

/// <summary>Where decimation windows begin and end.</summary>
public sealed class WindowTests
{
    private const long Begin = 1_700_000_000_000_000_000, Ms = 1_000_000;
    private static readonly RecordLayout Sample = RecordSchema.Parse(Records.Schema).Layout;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static byte[][] Counted(int first, int count) => [.. Enumerable.Range(first, count).Select(i => Records.Encode(i))];

    private static int[] Counters(LoopBench bench) => [.. bench.Decimated.Sent.Select(d => Records.Counter(d))];

    [TestCase(1, new[] { 3, 3 }, new[] { 0, 1, 2, 3, 4, 5 })]
    [TestCase(2, new[] { 3, 3, 1 }, new[] { 1, 3, 5, 6 })]
    [TestCase(5, new[] { 4, 1, 9, 1, 3 }, new[] { 4, 9, 14, 17 })]
    [TestCase(5, new[] { 64 }, new[] { 4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59, 63 })]
    [TestCase(1000, new[] { 64, 64 }, new[] { 127 })]
    public void Downsample_sends_the_last_record_of_every_window_including_the_one_open_at_the_stop(int factor, int[] bursts, int[] expected)
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Downsample, factor);
        int next = 0;
        foreach (int count in bursts)
        {
            bench.Receiver.Batch([.. BurstOf.Cut(new Random(1), [.. Counted(next, count).Select(d => (Begin, d))])]);
            next += count;
        }

        bench.Run();
        Assert.That(Counters(bench), Is.EqualTo(expected));
        bench.AssertLedger();
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(1000)]
    public void A_mean_does_not_depend_on_the_bursts_of_its_window(int factor)
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Average, factor);
        for (int i = 0; i < 3 * factor; i += 7)
            bench.Receiver.Batch([.. BurstOf.Cut(new Random(i), [.. Counted(i, Math.Min(7, (3 * factor) - i)).Select(d => (Begin, d))])]);
        bench.Run();
        // Rounds half to even: the mean of an even number of counters is between two integers.
        Assert.That(Counters(bench), Is.EqualTo(Enumerable.Range(0, 3).Select(w => (int)Math.Round((w * factor) + ((factor - 1) / 2.0), MidpointRounding.ToEven))));
    }

    [TestCase(DecimationAlgorithm.Average, new[] { 149.5, 449.5 })]
    [TestCase(DecimationAlgorithm.MinMax, new[] { 0.0, 599 })]
    public void A_burst_longer_than_one_summation_step_is_summed_completely(DecimationAlgorithm algorithm, double[] expected)
    {
        using var bench = new LoopBench(Schemas.Layout(("v", "\"double\"")), algorithm, factor: 300);
        bench.Receiver.Batch(new BurstOf(Begin, [.. Enumerable.Range(0, 600).Select(i => BitConverter.GetBytes((double)i))]));
        bench.Run();
        Assert.That(bench.Decimated.Sent.Select(d => BitConverter.ToDouble(d)), Is.EqualTo(expected));
    }

    [Test]
    public void Min_max_sends_the_minima_with_the_first_time_and_then_the_maxima_with_the_last()
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.MinMax, factor: 2);
        int[] counters = [7, 3, 9, 5, 4, 4, 4, 4, 1];
        for (int i = 0; i < counters.Length; i++)
            bench.Receiver.Batch(new BurstOf(Begin, Records.Encode(counters[i], time: i)));
        bench.Run();
        Assert.That(bench.Decimated.Sent, Is.EqualTo(new[]
        {
            Records.Encode(3, time: 0), Records.Encode(9, time: 3),
            Records.Encode(4, time: 4), Records.Encode(4, time: 7),
            Records.Encode(1, time: 8), Records.Encode(1, time: 8),
        }));
        Assert.That(bench.Counters.Receive.Read().WindowRecords, Is.EqualTo(6));
        bench.AssertLedger();
    }

    [Test]
    public void Invalid_datagrams_and_those_of_refused_sizes_do_not_count()
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 3);
        byte[] valid = Records.Encode(6), invalid = [.. Enumerable.Repeat((byte)0xFF, valid.Length)];
        bench.Receiver.Batch(new BurstOf(Begin, valid, invalid, valid, invalid, invalid), new BurstOf(Begin, new byte[][] { [] }), new BurstOf(Begin, Records.Encode(9), [1]));
        bench.Run();
        Assert.That(Counters(bench), Is.EqualTo(new[] { 7 }));
        Assert.That(bench.Counters.Receive.Read().Invalid, Is.EqualTo(5));
    }

    [Test]
    public void A_window_that_is_too_old_by_arrival_time_is_closed_before_the_next_record()
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 100, Second);
        bench.Receiver.Batch(
            new BurstOf(Begin, Records.Encode(1)), new BurstOf(Begin + (999 * Ms), Records.Encode(3)),
            new BurstOf(Begin + (1000 * Ms), Records.Encode(10)), new BurstOf(Begin + (1500 * Ms), Records.Encode(20)), new BurstOf(Begin + (2001 * Ms), Records.Encode(50)));
        bench.Run();
        Assert.That(Counters(bench), Is.EqualTo(new[] { 2, 15, 50 }));
    }

    [TestCase(DecimationAlgorithm.Downsample, new[] { 3 })]
    [TestCase(DecimationAlgorithm.Average, new[] { 2 })]
    [TestCase(DecimationAlgorithm.MinMax, new[] { 1, 3 })]
    public void A_window_is_closed_in_time_even_if_nothing_arrives(DecimationAlgorithm algorithm, int[] expected)
    {
        using var bench = new LoopBench(Sample, algorithm, factor: 100, Second);
        int[]? whileNothingCame = null;
        bench.Receiver.Batch(new BurstOf(Begin, Records.Encode(1), Records.Encode(3)));
        bench.Receiver.Idle(TimeSpan.FromMilliseconds(400));
        bench.Receiver.Idle(TimeSpan.FromMinutes(1));
        bench.Receiver.AtEnd += () => whileNothingCame = Counters(bench);
        bench.Run();
        Assert.Multiple(() =>
        {
            Assert.That(whileNothingCame, Is.EqualTo(expected));
            // Without an open window, the loop waits forever. Otherwise it waits for the rest of the window's longest time.
            Assert.That(bench.Receiver.Timeouts, Is.EqualTo(new[] { Timeout.InfiniteTimeSpan, Second, TimeSpan.FromMilliseconds(600), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan }));
        });
        bench.AssertLedger();
    }

    [Test]
    public void Without_a_longest_time_the_loop_never_waits_with_a_timeout()
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 100);
        bench.Receiver.Batch(new BurstOf(Begin, Records.Encode(1)));
        bench.Receiver.Idle(TimeSpan.FromDays(1));
        bench.Run();
        Assert.That(bench.Receiver.Timeouts, Is.All.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [Test]
    public void An_arrival_clock_that_is_set_back_keeps_no_window_open()
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 100, Second);
        bench.Receiver.Batch(new BurstOf(Begin, Records.Encode(1)));
        bench.Receiver.Batch(new BurstOf(Begin - (3600 * 1000 * Ms), Records.Encode(3)));
        bench.Receiver.Idle(Second);
        int whileRunning = 0;
        bench.Receiver.AtEnd += () => whileRunning = bench.Decimated.Sent.Count;
        bench.Run();
        Assert.That(whileRunning, Is.EqualTo(1));
    }

    [TestCase(DecimationAlgorithm.Downsample, 1)]
    [TestCase(DecimationAlgorithm.Rms, 1)]
    [TestCase(DecimationAlgorithm.MinMax, 2)]
    public void At_a_stop_the_open_window_is_sent_with_all_queued_records(DecimationAlgorithm algorithm, int records)
    {
        using var bench = new LoopBench(Sample, algorithm, factor: 1000);
        bench.Receiver.Batch(new BurstOf(Begin, Counted(0, 10)));
        bench.Receiver.OnReceive = bench.Stop;
        bench.Receiver.Batch(new BurstOf(Begin, Counted(10, 10)));
        bench.Run();
        Assert.That(bench.Decimated.Sent, Has.Count.EqualTo(records));
        Assert.That(Records.Counter(bench.Decimated.Sent[^1]), Is.EqualTo(algorithm == DecimationAlgorithm.Rms ? 11 : 19));
        bench.AssertLedger();
    }

    [Test]
    public void A_stop_with_nothing_open_sends_nothing_more()
    {
        using var bench = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 5);
        bench.Receiver.Batch(new BurstOf(Begin, Counted(0, 5)));
        bench.Run();
        Assert.That(Counters(bench), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public void A_window_does_not_span_a_fault_and_the_ledger_holds()
    {
        var counters = new ChannelCounters();
        using (var faulted = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 5, counters: counters))
        {
            faulted.Receiver.Batch(new BurstOf(Begin, Counted(0, 8)));
            faulted.Receiver.Batch(new BurstOf(Begin, Counted(8, 1)));
            int batches = 0;
            faulted.Receiver.OnReceive = () => { if (++batches == 2) throw new InvalidOperationException("injected"); };
            Assert.That(faulted.Run, Throws.InvalidOperationException);
            Assert.That(Counters(faulted), Is.EqualTo(new[] { 2 }));
        }

        using var next = new LoopBench(Sample, DecimationAlgorithm.Average, factor: 5, counters: counters);
        next.Receiver.Batch(new BurstOf(Begin, Counted(100, 5)));
        next.Run();
        Assert.That(Counters(next), Is.EqualTo(new[] { 102 }));
        next.AssertLedger();
    }

    [TestCase(DecimationAlgorithm.Downsample)]
    [TestCase(DecimationAlgorithm.Average)]
    [TestCase(DecimationAlgorithm.MinMax)]
    public void An_exception_while_sending_leaves_every_window_in_the_ledger(DecimationAlgorithm algorithm)
    {
        var counters = new ChannelCounters();
        for (int round = 1; round < 20; round++)
        {
            using var bench = new LoopBench(Sample, algorithm, factor: 3, counters: counters);
            int adds = 0;
            bench.Decimated.OnAdd = () => { if (++adds == round) throw new InvalidOperationException("injected"); };
            bench.Receiver.Batch(new BurstOf(Begin, Counted(0, 10)), new BurstOf(Begin, Counted(10, 10)));
            bench.Receiver.Batch(new BurstOf(Begin, Counted(20, 16)));
            Assert.That(bench.Run, round <= 12 ? Throws.InvalidOperationException : Throws.Nothing);
            bench.AssertLedger();
        }
    }

    [Test]
    public void Results_that_exceed_the_arena_are_flushed_early_and_stay_intact()
    {
        RecordLayout layout = RecordSchema.Parse(Schemas.Bench(173)).Layout;
        using var bench = new LoopBench(layout, DecimationAlgorithm.Average, factor: 1);
        byte[][] records = [.. Enumerable.Range(0, 1000).Select(i => BenchRecordOf(i))];
        bench.Receiver.Batch([.. records.Chunk(40).Select(chunk => new BurstOf(Begin, chunk))]);
        bench.Run();
        Assert.That(bench.Decimated.Sent, Is.EqualTo(records));
        Assert.That(bench.Decimated.Flushes.Count(bytes => bytes > 0), Is.InRange(5, 7));
        bench.AssertLedger();
    }

    private static byte[] BenchRecordOf(int i)
    {
        byte[] record = Schemas.BenchRecord(173);
        for (int d = 0; d < 173; d++)
            BitConverter.TryWriteBytes(record.AsSpan(16 + (8 * d)), i + (d / 1000.0));
        return record;
    }
}
