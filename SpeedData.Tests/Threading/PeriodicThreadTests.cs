using SpeedData.Core.Threading;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Threading;

public sealed class PeriodicThreadTests
{
    [Test]
    public void A_round_that_throws_is_logged_and_the_next_round_runs()
    {
        using var log = new RecordingLog();
        using var second = new ManualResetEventSlim();
        int rounds = 0;
        var thread = new PeriodicThread("test", TimeSpan.FromMilliseconds(1), Round, log.CreateLogger("threads"));
        thread.Start();
        Assert.That(second.Wait(TimeSpan.FromSeconds(10)), Is.True, "the next round");
        Assert.That(thread.TryEnd(TimeSpan.FromSeconds(10)), Is.True, "the end of the thread");
        Assert.That(log.Lines, Is.EqualTo(new[] { "Error: The test thread failed, and continues: no descriptor" }));

        void Round()
        {
            if (++rounds == 1)
                throw new IOException("no descriptor");
            second.Set();
        }
    }

    [Test]
    public void An_exception_in_optional_work_does_not_end_the_process()
    {
        using var began = new ManualResetEventSlim();
        OwnedThread.TryStart("test", () =>
        {
            began.Set();
            throw new IOException("no descriptor");
        });
        // Without the handler, the exception would end the test process.
        Assert.That(began.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }
}
