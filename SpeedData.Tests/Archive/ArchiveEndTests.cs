using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class ArchiveEndTests
{
    [Test]
    public void Completing_the_ring_writes_what_is_in_it_whatever_the_flush_interval()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.FromHours(1), BlockBytes = 4096 });
        bench.Start();
        for (int i = 0; i < 100; i++)
            bench.Send(records: 2, textLength: 50);
        bench.Finish();

        bench.AssertAllArchived();
    }

    [Test]
    public void Records_left_after_a_drain_timeout_count_as_fault()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero });
        using var stuck = new ManualResetEventSlim();
        using var letGo = new ManualResetEventSlim();
        bench.Start();
        bench.SendBlock(records: 3);
        bench.Files.BeforeWrite = () =>
        {
            stuck.Set();
            letGo.Wait();
        };
        bench.Send(records: 4);
        stuck.Wait();
        bench.Send(records: 5);
        bench.Ring.Complete();
        bench.Writer.Abandon();
        long counted = bench.Writer.CountRest();
        bench.AssertLedger(disk: 0, fault: 9);
        letGo.Set();
        bench.Join();

        bench.AssertLedger(disk: 0, fault: 9);
        Assert.Multiple(() =>
        {
            Assert.That(counted, Is.EqualTo(9));
            Assert.That(new ContainerFile(bench.Parts.Single()).Records(), Has.Count.EqualTo(3), "the late block is cut off again");
        });
    }

    [Test]
    public void An_abandoned_writer_that_sleeps_returns()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.FromHours(1) });
        bench.Start();
        bench.Send(records: 2);
        bench.Writer.Abandon();
        bench.Join();
        long counted = bench.Writer.CountRest();

        bench.AssertLedger(disk: 0, fault: 2);
        Assert.That(counted, Is.EqualTo(2));
    }

    [Test]
    public void An_unexpected_exception_ends_the_writer_and_complete_blocks_are_kept()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero });
        bench.Start();
        bench.SendBlock(records: 3);
        bench.Files.BeforeWrite = () =>
        {
            bench.Files.BeforeWrite = () => { };
            throw new InvalidOperationException("unexpected");
        };
        bench.Send(records: 4);

        Assert.That(bench.Join, Throws.TypeOf<AggregateException>().With.InnerException.Message.EqualTo("unexpected"));
        bench.Writer.CountRest();
        bench.AssertLedger(disk: 0, fault: 4);
        Assert.That(bench.Archived(), Has.Count.EqualTo(3));
    }

    [Test]
    public void A_second_writer_with_the_same_counters_continues_to_count()
    {
        using var bench = new ArchiveBench();
        bench.Send(records: 3);
        bench.Finish();
        bench.Send(records: 4);
        using var second = new ArchiveWriter(
            ArchiveBench.Channel, RecordSchema.Parse(TestRecord.Schema), bench.Model, bench.Options, new TimeOptions(), new RestartOptions(), bench.Ring, bench.Counters.BeginWriter(), bench.Counters, bench.Time);
        second.Run();

        bench.AssertAllArchived();
        Assert.That(bench.Finished.Count(), Is.EqualTo(2));
    }

    [Test]
    public void The_ledger_is_exact_at_any_moment()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero, RotateBytes = 100_000 });
        using var done = new CancellationTokenSource();
        Task<long> watch = Task.Factory.StartNew(
            () =>
            {
                long violations = 0;
                while (!done.IsCancellationRequested)
                {
                    var ledger = bench.Ledger;
                    if (ledger.Pending < 0 || ledger.Receive.Received != ledger.Writer.Settled + ledger.Pending)
                        violations++;
                }
                return violations;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        bench.Start();
        for (int i = 0; i < 3000; i++)
            bench.Send(records: 3);
        bench.Finish();
        done.Cancel();

        Assert.That(watch.Result, Is.Zero);
        bench.AssertAllArchived();
    }
}
