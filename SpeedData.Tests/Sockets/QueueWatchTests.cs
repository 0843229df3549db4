using System.Diagnostics;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Sockets;

[Platform("Linux")]
public sealed class QueueWatchTests
{
    [Test]
    public void A_shaper_that_is_added_and_removed_while_the_server_runs_is_noticed() => OwnNetwork.Run(() =>
    {
        using var watch = new QueueWatch();
        Assert.That(watch.WhyNot, Is.Null, "a loopback alone has no queue");
        TrafficControl("qdisc add dev lo root tbf rate 10mbit burst 5kb latency 50ms");
        Eventually.True(() => watch.WhyNot is not null, "the shaper is noticed");
        Assert.That(watch.WhyNot, Does.Contain("discipline tbf of lo"));
        TrafficControl("qdisc del dev lo root");
        Eventually.True(() => watch.WhyNot is null, "its end is noticed");
    });

    [Test]
    public void A_queue_that_drops_only_complete_messages_is_harmless() => OwnNetwork.Run(() =>
    {
        TrafficControl("qdisc add dev lo root pfifo limit 100");
        using var watch = new QueueWatch();
        Assert.That(watch.WhyNot, Is.Null);
    });

    /// <summary>Runs tc (Debian: iproute2). The process is in the network namespace of the thread that starts it.</summary>
    private static void TrafficControl(string arguments)
    {
        Process tool;
        try
        {
            tool = Process.Start(new ProcessStartInfo("tc", arguments) { RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("tc (Debian's iproute2) is not installed");
            return;
        }

        using (tool)
        {
            string error = tool.StandardError.ReadToEnd();
            tool.WaitForExit();
            if (error.Contains("Specified qdisc kind is unknown", StringComparison.Ordinal) || error.Contains("Operation not supported", StringComparison.Ordinal))
                Assert.Ignore($"this kernel has no such queueing discipline: {error}");
            Assert.That(tool.ExitCode, Is.Zero, $"tc {arguments}: {error}");
        }
    }
}
