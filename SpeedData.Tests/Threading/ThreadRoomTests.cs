using SpeedData.Core.Threading;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Threading;

/// <summary>Reads limits on the number of threads from made-up /proc and /sys folders.</summary>
[Platform("Linux")]
public sealed class ThreadRoomTests
{
    [Test]
    public void Limits_of_all_cgroups_from_the_process_to_the_root_count()
    {
        using var root = new TempFolder();
        Put(root, "proc/self/cgroup", "0::/system.slice/speeddata.service\n");
        Put(root, "sys/fs/cgroup/system.slice/speeddata.service/pids.max", "430\n");
        Put(root, "sys/fs/cgroup/system.slice/speeddata.service/pids.current", "40\n");
        Put(root, "sys/fs/cgroup/system.slice/pids.max", "max\n");
        Put(root, "sys/fs/cgroup/system.slice/pids.current", "90\n");
        Assert.That(ThreadRoom.Limits(root.Path).Select(l => (l.Limit, l.Used)), Is.EqualTo(new[] { (430L, 40L) }));
    }

    [Test]
    public void Cgroups_version_1_is_read_too()
    {
        using var root = new TempFolder();
        Put(root, "proc/self/cgroup", "9:memory:/a\n8:pids:/docker/abc\n");
        Put(root, "sys/fs/cgroup/pids/docker/abc/pids.max", "100\n");
        Put(root, "sys/fs/cgroup/pids/docker/abc/pids.current", "7\n");
        Assert.That(ThreadRoom.Limits(root.Path).Select(l => (l.Limit, l.Used)), Is.EqualTo(new[] { (100L, 7L) }));
    }

    [Test]
    public void Without_a_limit_any_number_of_threads_is_allowed() =>
        Assert.That(() => ThreadRoom.Demand(3), Throws.Nothing);

    private static void Put(TempFolder root, string path, string text)
    {
        string full = Path.Combine(root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
