using System.Net;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Diagnostics;

public sealed class RejectLogTests
{
    private const long Noon = 1_772_366_400_000_000_000;

    private static readonly SourceAddress Sender = From(0);

    [Test]
    public void Nothing_is_kept_before_the_first_refusal()
    {
        var log = new RejectLog();

        Assert.Multiple(() =>
        {
            Assert.That(log.Read(), Is.Empty);
            Assert.That(log.Counts(), Is.Empty);
        });
    }

    [Test]
    public void A_sample_has_time_sender_length_and_bytes()
    {
        var log = new RejectLog();

        log.Add(DropReason.Invalid, 3, Noon + 1_500, SourceAddress.IPv4(0x0A000005, 4711), [1, 2, 3]);

        RejectGroup group = log.Read().Single();
        RejectSample sample = group.First.Single();
        Assert.Multiple(() =>
        {
            Assert.That(group.Of, Is.EqualTo(new RejectCount(IPAddress.Parse("10.0.0.5"), DropReason.Invalid, 3, 1)));
            Assert.That(group.Latest, Is.Empty);
            Assert.That(sample.At, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_772_366_400).AddTicks(15)));
            Assert.That(sample.Source, Is.EqualTo(new IPEndPoint(IPAddress.Parse("10.0.0.5"), 4711)));
            Assert.That(sample.Length, Is.EqualTo(3));
            Assert.That(sample.Bytes, Is.EqualTo(new byte[] { 1, 2, 3 }));
        });
    }

    [TestCase(1, "0", "")]
    [TestCase(2, "0,1", "")]
    [TestCase(3, "0,1", "2")]
    [TestCase(5, "0,1", "2,3,4")]
    [TestCase(6, "0,1", "3,4,5")]
    [TestCase(100, "0,1", "97,98,99")]
    public void The_first_two_and_the_latest_three_are_kept_oldest_first(int count, string first, string latest)
    {
        var log = new RejectLog();

        for (int i = 0; i < count; i++)
            log.Add(DropReason.Invalid, 1, Noon, Sender, [(byte)i]);

        RejectGroup group = log.Read().Single();
        Assert.Multiple(() =>
        {
            Assert.That(group.Of.Count, Is.EqualTo(count));
            Assert.That(Text(group.First), Is.EqualTo(first));
            Assert.That(Text(group.Latest), Is.EqualTo(latest));
        });

        static string Text(IEnumerable<RejectSample> samples) => string.Join(",", samples.Select(s => s.Bytes[0]));
    }

    [Test]
    public void Sources_and_reasons_are_distinguished_and_ports_are_not()
    {
        var log = new RejectLog();
        log.Add(DropReason.Invalid, 1, Noon, Sender, [1]);
        log.Add(DropReason.Invalid, 1, Noon, Sender with { Port = 2 }, [1]);
        log.Add(DropReason.Invalid, 2, Noon, Sender, [1]);
        log.Add(DropReason.SourceDenied, 0, Noon, Sender, [1]);
        log.Add(DropReason.Invalid, 1, Noon, From(1), [1]);

        Assert.That(log.Counts().Select(g => g.Count), Is.EqualTo(new[] { 2, 1, 1, 1 }));
    }

    [Test]
    public void A_sender_with_an_IPv6_address_is_reported_like_any_other()
    {
        var log = new RejectLog();
        var sender = new IPEndPoint(IPAddress.Parse("2001:db8::7"), 4711);

        log.Add(DropReason.Invalid, 1, Noon, SourceAddress.From(sender.Address, 4711), [1]);

        RejectGroup group = log.Read().Single();
        Assert.That((group.Of.Source, group.First.Single().Source), Is.EqualTo((sender.Address, sender)));
    }

    [Test]
    public void One_sample_may_stand_for_a_burst()
    {
        var log = new RejectLog();

        log.Add(DropReason.SourceDenied, 0, Noon, Sender, [1], count: 64);

        Assert.That((log.Counts().Single().Count, log.Read().Single().First.Count), Is.EqualTo((64, 1)));
    }

    [Test]
    public void Sources_beyond_the_last_group_are_counted_together()
    {
        var log = new RejectLog();

        for (uint i = 0; i < 1_000; i++)
            log.Add(DropReason.Invalid, 1, Noon, From(i), [(byte)i]);

        IReadOnlyList<RejectGroup> groups = log.Read();
        Assert.Multiple(() =>
        {
            Assert.That(groups, Has.Count.EqualTo(RejectLog.MaxGroups + 1));
            Assert.That(groups[^1].Of.Source, Is.Null);
            Assert.That(groups[^1].Of.Count, Is.EqualTo(1_000 - RejectLog.MaxGroups));
            Assert.That(groups.Sum(g => g.Of.Count), Is.EqualTo(1_000));
            Assert.That(groups[^1].Latest.Select(s => s.Bytes[0]), Is.EqualTo(new[] { (byte)(997 % 256), (byte)(998 % 256), (byte)(999 % 256) }));
        });
    }

    [TestCase(0)]
    [TestCase(RejectLog.SampleBytes)]
    [TestCase(65_507)]
    public void A_datagram_of_any_size_is_kept_up_to_the_size_of_a_slot(int length)
    {
        var log = new RejectLog();
        byte[] datagram = new byte[length];
        new Random(1).NextBytes(datagram);

        for (int i = 0; i < 5; i++)
            log.Add(DropReason.Invalid, 1, Noon, Sender, datagram);

        RejectGroup group = log.Read().Single();
        byte[] kept = datagram[..Math.Min(length, RejectLog.SampleBytes)];
        Assert.Multiple(() =>
        {
            Assert.That(group.First.Concat(group.Latest).Select(s => s.Length), Is.All.EqualTo(length));
            Assert.That(group.First.Concat(group.Latest).Select(s => s.Bytes), Is.All.EqualTo(kept));
        });
    }

    [Test]
    public void Adding_allocates_nothing_after_the_first()
    {
        var log = new RejectLog();
        byte[] datagram = new byte[256];
        log.Add(DropReason.Invalid, 1, Noon, Sender, datagram);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < 1_000; i++)
            log.Add(DropReason.Invalid, (byte)(i % 14), Noon, From(i % 50), datagram);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_reader_sees_complete_samples_and_exact_counts_while_another_thread_adds()
    {
        const int Added = 200_000;
        var log = new RejectLog();
        Task adding = Task.Run(() => AddUniform(log, Added));
        var torn = new List<RejectSample>();
        int reads = 0;
        do
        {
            torn.AddRange(log.Read().SelectMany(g => g.First.Concat(g.Latest)).Where(s => s.Length != s.Bytes.Length || s.Bytes.Distinct().Count() != 1));
            reads++;
        }
        while (!adding.IsCompleted);
        adding.GetAwaiter().GetResult();

        Assert.Multiple(() =>
        {
            Assert.That(torn, Is.Empty);
            Assert.That(reads, Is.Positive);
            Assert.That(log.Counts().Sum(g => g.Count), Is.EqualTo(Added));
        });
    }

    private static SourceAddress From(uint number) => SourceAddress.IPv4(0x7F000001 + number, 1);

    /// <summary>Adds datagrams of equal bytes. Their length depends on the byte's value.</summary>
    private static void AddUniform(RejectLog log, int count)
    {
        byte[] datagram = new byte[300];
        for (int i = 0; i < count; i++)
        {
            Span<byte> part = datagram.AsSpan(0, 45 + (i % 256));
            part.Fill((byte)i);
            log.Add(DropReason.Invalid, (byte)(i % 3), Noon, From((uint)i % 40), part);
        }
    }
}
