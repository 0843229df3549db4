using SpeedData.Core.Ring;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Sources;

public sealed class SourceTableTests
{
    private const int Places = 8;

    private long _written;
    private long _released;

    [SetUp]
    public void NothingIsReleased() => (_written, _released) = (0, 0);

    [Test]
    public void A_source_has_one_id_and_the_id_leads_to_its_address()
    {
        using var table = new SourceTable(Places);
        ushort[] ids = [.. new uint[] { 1, 2, 1, 3, 2 }.Select(number => IdOf(table, Source(number)))];
        Assert.Multiple(() =>
        {
            Assert.That(ids, Is.EqualTo(new[] { ids[0], ids[1], ids[0], ids[3], ids[1] }));
            Assert.That(ids.Distinct().Count(), Is.EqualTo(3));
            Assert.That(ids.Select(id => table[id]), Is.EqualTo(new uint[] { 1, 2, 1, 3, 2 }.Select(Source)));
        });
    }

    [Test]
    public void Address_and_port_together_identify_a_source()
    {
        using var table = new SourceTable(Places);
        SourceAddress[] sources = [SourceAddress.IPv4(1, 1), SourceAddress.IPv4(1, 2), SourceAddress.IPv4(2, 1), new(1, 1), new(new UInt128(1, 1), 1)];
        Assert.That(sources.Select(source => IdOf(table, source)).Distinct().Count(), Is.EqualTo(sources.Length));
    }

    [Test]
    public void While_the_ring_holds_bursts_of_all_sources_a_new_source_is_unknown()
    {
        using var table = new SourceTable(Places);
        ushort[] ids = Fill(table);
        ushort late = IdOf(table, Source(100));
        Assert.Multiple(() =>
        {
            Assert.That(late, Is.EqualTo(SourceTable.Unknown));
            Assert.That(table[late], Is.EqualTo(SourceAddress.Unknown));
            Assert.That(ids.Select(id => table[id]), Is.EqualTo(Enumerable.Range(0, table.Capacity).Select(i => Source((uint)i))));
        });
    }

    [Test]
    public void An_id_is_reused_only_after_the_last_burst_of_its_old_source_is_released()
    {
        using var table = new SourceTable(Places);
        ushort[] ids = Fill(table);
        // Source 0 sent the bursts 0 and 7, source 1 the burst 1.
        IdOf(table, Source(0));
        _released = 1;
        Assert.That(IdOf(table, Source(100)), Is.EqualTo(SourceTable.Unknown), "the ring holds bursts of every source");
        _released = 2;
        Assert.Multiple(() =>
        {
            Assert.That(IdOf(table, Source(100)), Is.EqualTo(ids[1]), "the ID of source 1 is reused");
            Assert.That(table[ids[1]], Is.EqualTo(Source(100)));
            Assert.That(IdOf(table, Source(101)), Is.EqualTo(SourceTable.Unknown));
            Assert.That(IdOf(table, Source(1)), Is.EqualTo(SourceTable.Unknown), "source 1 is forgotten");
            Assert.That(IdOf(table, Source(0)), Is.EqualTo(ids[0]));
        });
    }

    [Test]
    public void The_source_that_was_silent_for_longest_is_replaced_first()
    {
        using var table = new SourceTable(Places);
        ushort[] ids = Fill(table);
        IdOf(table, Source(0));
        IdOf(table, Source(2));
        _released = _written;
        ushort[] given = [.. Enumerable.Range(100, table.Capacity).Select(i => IdOf(table, Source((uint)i)))];
        Assert.That(given, Is.EqualTo(new[] { 1, 3, 4, 5, 6, 0, 2 }.Select(i => ids[i])));
    }

    [Test]
    public void A_known_sender_among_a_million_forged_ones_is_always_known()
    {
        using var table = new SourceTable(Places);
        ushort known = IdOf(table, Source(1));
        var random = new Random(1);
        for (uint i = 0; i < 1_000_000; i++)
        {
            IdOf(table, SourceAddress.IPv4((uint)random.Next(), (ushort)i));
            if (i % 3 == 0)
                _released = _written - 3;
            if (IdOf(table, Source(1)) != known || table[known] != Source(1))
                Assert.Fail($"lost after {i} others");
        }
    }

    /// <summary>Compares the table with a dictionary. The arrivals and releases are random.</summary>
    [Test]
    public void No_burst_in_the_ring_ever_shows_the_address_of_another_sender()
    {
        for (int seed = 0; seed < 200; seed++)
            Follow(new Random(seed), sources: 2 + (seed % 40));
    }

    [Test]
    public void Nothing_is_allocated_whoever_sends()
    {
        using var table = new SourceTable(Places);
        Fill(table);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < 10_000; i++)
        {
            IdOf(table, SourceAddress.IPv4(i, 1));
            _released = _written;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void The_table_has_one_place_for_eight_bursts_and_is_smaller_than_an_address_per_burst()
    {
        using var small = new BurstRing(BurstRing.MinCapacity, 4096);
        using var large = new BurstRing(16 << 20, 4096);
        Assert.Multiple(() =>
        {
            Assert.That(small.Sources.Capacity + 1, Is.EqualTo(small.MaxBursts / 8));
            Assert.That(large.Sources.Capacity + 1, Is.EqualTo(SourceTable.MostPlaces));
            Assert.That(BurstRing.Footprint(small.Capacity), Is.LessThan(small.Capacity + (small.MaxBursts * 40L)));
        });
    }

    private static SourceAddress Source(uint number) => SourceAddress.IPv4(0x0A000000 + number, 5000);

    private void Follow(Random random, int sources)
    {
        NothingIsReleased();
        using var table = new SourceTable(Places);
        var ring = new Queue<(ushort Id, SourceAddress Source)>();
        for (int i = 0; i < 500; i++)
        {
            SourceAddress source = Source((uint)random.Next(sources));
            bool isRoom = ring.Select(burst => burst.Source).Append(source).Distinct().Count() <= table.Capacity;
            ushort id = IdOf(table, source);
            ring.Enqueue((id, source));
            Assert.That(id != SourceTable.Unknown, Is.EqualTo(isRoom || ring.Any(burst => burst.Id == id && id != SourceTable.Unknown)), "a source is known if there is room");
            for (int gone = random.Next(3); gone > 0 && ring.Count > 0; gone--, _released++)
                ring.Dequeue();
            foreach ((ushort known, SourceAddress of) in ring)
            {
                if (known != SourceTable.Unknown && table[known] != of)
                    Assert.Fail($"the burst of {of} shows {table[known]}");
            }
        }
    }

    private ushort[] Fill(SourceTable table) => [.. Enumerable.Range(0, table.Capacity).Select(i => IdOf(table, Source((uint)i)))];

    private ushort IdOf(SourceTable table, SourceAddress source) => table.IdOf(source, _written++, ref _released);
}
