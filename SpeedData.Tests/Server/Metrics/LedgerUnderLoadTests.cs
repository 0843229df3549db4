using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Metrics;

public sealed class LedgerUnderLoadTests
{
    [Test]
    public async Task The_ledger_is_exact_in_every_scrape_while_the_counters_change()
    {
        TestChannel channel = TestChannels.Active();
        await using TestServer server = await TestServer.StartAsync(channel);
        using var stop = new CancellationTokenSource();
        Task receive = Task.Run(() => Receive(channel.Counters, stop.Token));
        Task write = Task.Run(() => Write(channel.Counters, stop.Token));

        Task<Scrape[]>[] scrapers = [.. Enumerable.Range(0, 3).Select(_ => ScrapeAsync(server, 15))];
        Scrape[] scrapes = (await Task.WhenAll(scrapers)).SelectMany(s => s).ToArray();
        await stop.CancelAsync();
        await Task.WhenAll(receive, write);

        Assert.Multiple(() =>
        {
            Assert.That(scrapes.Select(Imbalance), Is.All.EqualTo("0 0"));
            Assert.That(scrapes.Select(s => s.Of("speeddata_received_datagrams_total", "example")).Distinct().Count(), Is.GreaterThan(5), "the counters must have changed during the scrapes");
        });
    }

    private static async Task<Scrape[]> ScrapeAsync(TestServer server, int times)
    {
        var scrapes = new List<Scrape>();
        for (int i = 0; i < times; i++)
            scrapes.Add(new Scrape(await server.TextAsync("/metrics")));
        return [.. scrapes];
    }

    private static string Imbalance(Scrape scrape)
    {
        double Value(string name, string? label = null) => scrape.Of("speeddata_" + name, "example", label);
        double Dropped(string reason) => Value("dropped_datagrams_total", $"reason=\"{reason}\"");
        double refused = Dropped("invalid") + Dropped("source_denied");
        double received = Value("received_datagrams_total");
        double kept = Value("archived_records_total") + Value("archive_pending_datagrams") + refused + Dropped("ring_full") + Dropped("disk") + Dropped("fault");
        double relayed = Value("relayed_datagrams_total", "stream=\"full\"") + Value("relay_errors_total", "stream=\"full\"");
        return $"{received - kept} {received - refused - relayed}";
    }

    private static void Receive(ChannelCounters counters, CancellationToken stop)
    {
        var tally = default(ReceiveTally);
        while (!stop.IsCancellationRequested)
        {
            tally.Received += 10;
            tally.Invalid++;
            tally.SourceDenied++;
            tally.RingFull++;
            tally.Queued += 7;
            tally.FullRelayed += 6;
            tally.FullErrors += 2;
            counters.Receive.Write(tally);
            Thread.Yield();
        }
    }

    private static void Write(ChannelCounters counters, CancellationToken stop)
    {
        var tally = default(WriterTally);
        SeqLock<WriterTally> written = counters.BeginWriter();
        while (!stop.IsCancellationRequested)
        {
            long queued = counters.Receive.Read().Queued - tally.Settled;
            tally.Disk += queued / 10;
            tally.Archived += queued - (queued / 10);
            written.Write(tally);
            Thread.Yield();
        }
    }
}
