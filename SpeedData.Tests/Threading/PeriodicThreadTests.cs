using SpeedData.Core.Threading;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Threading;

public sealed class PeriodicThreadTests
{
    [Test]
    public void A_round_that_throws_is_logged_and_the_next_one_comes()
    {
        using var log = new RecordingLog();
        using var second = new ManualResetEventSlim();
        int rounds = 0;
        var thread = new PeriodicThread("test", TimeSpan.FromMilliseconds(1), Round, log.CreateLogger("threads"));
        thread.Start();
        Assert.That(second.Wait(TimeSpan.FromSeconds(10)), Is.True, "the next round");
        Assert.That(thread.TryEnd(TimeSpan.FromSeconds(10)), Is.True, "the end");
        Assert.That(log.Lines, Is.EqualTo(new[] { "Error: The test thread failed, and continues: no descriptor" }));

        void Round()
        {
            if (++rounds == 1)
                throw new IOException("no descriptor");
            second.Set();
        }
    }

    [Test]
    public void Work_that_only_saves_time_ends_nothing_when_it_throws()
    {
        using var began = new ManualResetEventSlim();
        OwnedThread.TryStart("test", () =>
        {
            began.Set();
            throw new IOException("no descriptor");
        });
        // Left alone, the exception would end the process of the tests.
        Assert.That(began.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }
}
