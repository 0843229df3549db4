using System.Globalization;
using SpeedData.Core.Threading;

namespace SpeedData.Tests.Threading;

[Platform("Linux")]
public sealed class ShortTurnsTests
{
    [Test]
    public void A_thread_with_short_turns_gets_the_shortest_turns_that_the_kernel_allows()
    {
        long? before = null, after = null;
        var thread = new Thread(() =>
        {
            before = SliceNs();
            ShortTurns.Begin();
            after = SliceNs();
        });
        thread.Start();
        thread.Join();
        if (before is null)
            Assert.Ignore("needs a kernel that shows turns in /proc/thread-self/sched");
        if (Environment.OSVersion.Version < new Version(6, 12))
            Assert.Ignore("needs Linux 6.12, which lets a thread choose its turns");

        Assert.That(after, Is.EqualTo(100_000).And.LessThan(before));
    }

    private static long? SliceNs()
    {
        const string Path = "/proc/thread-self/sched";
        string? line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("se.slice", StringComparison.Ordinal)) : null;
        return line is null ? null : long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
    }
}
