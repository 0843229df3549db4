using System.Diagnostics;
using SpeedData.Core.Threading;

namespace SpeedData.Tests.Threading;

[Platform("Linux")]
public sealed class NiceThreadTests
{
    /// <summary>proc(5): indexes of the fields of stat, counted after the process name, which ends with a bracket.</summary>
    private const int Nice = 16, Policy = 38;

    [Test]
    public async Task A_nice_thread_and_its_child_processes_have_the_lowest_priority()
    {
        string own = await NiceThread.RunAsync(() => File.ReadAllText("/proc/thread-self/stat"));
        string started = await NiceThread.RunAsync(() =>
        {
            using Process child = Process.Start(new ProcessStartInfo("cat", ["/proc/self/stat"]) { RedirectStandardOutput = true })!;
            return child.StandardOutput.ReadToEnd();
        });
        foreach (string stat in (string[])[own, started])
        {
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            Assert.That((fields[Nice], fields[Policy]), Is.EqualTo(("19", "5")), stat);
        }
    }
}
