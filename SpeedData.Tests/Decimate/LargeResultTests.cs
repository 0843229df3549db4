using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Decimate;

/// <summary>Results that are larger than their records. Those too large for a datagram are counted, the others are sent.</summary>
public sealed class LargeResultTests
{
    private const int LargestDatagram = 65_507;
    private static readonly RecordLayout TwoTexts = Schemas.Layout(("id", "\"int\""), ("a", "[\"null\",\"string\"]"), ("b", "[\"null\",\"string\"]"));

    [Test]
    public void Means_can_take_more_bytes_than_any_of_their_integers()
    {
        RecordLayout layout = Schemas.Layout([.. Enumerable.Range(0, 100).Select(i => ($"f{i}", "\"long\""))]);
        byte[] even = [.. Enumerable.Range(0, 100).SelectMany(i => Bytes.Long(i % 2 == 0 ? long.MaxValue : 0))];
        byte[] odd = [.. Enumerable.Range(0, 100).SelectMany(i => Bytes.Long(i % 2 == 1 ? long.MaxValue : 0))];
        using var bench = new LoopBench(layout, DecimationAlgorithm.Average, factor: 2);
        bench.Receiver.Batch(new BurstOf(1, even, odd));
        bench.Run();
        Assert.That(bench.Decimated.Sent.Single(), Is.EqualTo(Enumerable.Range(0, 100).SelectMany(_ => Bytes.Long(1L << 62))));
        Assert.That(bench.Decimated.Sent.Single(), Has.Length.GreaterThan(even.Length));
    }

    [Test]
    public void A_result_too_large_for_a_datagram_counts_as_an_error_of_the_stream()
    {
        using var bench = new LoopBench(TwoTexts, DecimationAlgorithm.Average, factor: 2);
        bench.Receiver.Batch(new BurstOf(1, Texts(1, new string('x', 33_000), null)), new BurstOf(1, Texts(1, null, new string('y', 33_000))), new BurstOf(1, Texts(2, "p", null)), new BurstOf(1, Texts(2, null, "q")));
        bench.Run();
        var tally = bench.Counters.Receive.Read();
        Assert.Multiple(() =>
        {
            Assert.That(bench.Decimated.Sent, Is.EqualTo(new[] { Texts(2, "p", "q") }));
            Assert.That((tally.WindowRecords, tally.DecimatedErrors, tally.DecimatedRelayed), Is.EqualTo((2L, 1L, 1L)));
        });
    }

    [Test]
    public void The_largest_result_that_fits_a_datagram_is_sent()
    {
        using var bench = new LoopBench(TwoTexts, DecimationAlgorithm.Average, factor: 2);
        // id 1, two branch indexes of 1 byte, and two lengths of 3 bytes.
        string a = new('x', 32_000), b = new('y', LargestDatagram - 32_000 - 9);
        bench.Receiver.Batch(new BurstOf(1, Texts(1, a, null)), new BurstOf(1, Texts(1, null, b)));
        bench.Run();
        Assert.That(bench.Decimated.Sent, Is.EqualTo(new[] { Texts(1, a, b) }));
        Assert.That(bench.Decimated.Sent[0], Has.Length.EqualTo(LargestDatagram));
    }

    [Test]
    public void A_value_too_large_to_keep_makes_its_window_an_error_and_not_the_next_one()
    {
        RecordLayout layout = Schemas.Layout([.. "abcd".Select(c => ($"{c}", "[\"null\",\"string\"]"))]);
        using var bench = new LoopBench(layout, DecimationAlgorithm.Average, factor: 4);
        for (int field = 0; field < 4; field++)
            bench.Receiver.Batch(new BurstOf(1, Only(field, new string('x', 60_000))));
        for (int field = 0; field < 4; field++)
            bench.Receiver.Batch(new BurstOf(1, Only(field, "y")));
        bench.Run();
        Assert.That(bench.Decimated.Sent, Is.EqualTo(new[] { Enumerable.Repeat<byte[]>([2, .. Bytes.String("y")], 4).SelectMany(b => b).ToArray() }));
        Assert.That(bench.Counters.Receive.Read().DecimatedErrors, Is.EqualTo(1));
        bench.AssertLedger();

        static byte[] Only(int field, string text) => [.. Enumerable.Range(0, 4).SelectMany(i => i == field ? [2, .. Bytes.String(text)] : new byte[] { 0 })];
    }

    private static byte[] Texts(int id, string? a, string? b) => [.. Bytes.Long(id), .. Nullable(a), .. Nullable(b)];

    private static byte[] Nullable(string? text) => text is null ? [0] : [2, .. Bytes.String(text)];
}
