using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Validation;
using SpeedData.Core.Receive;
using SpeedData.Core.Ring;

namespace SpeedData.Tests.Configuration;

/// <summary>Reads memory and socket buffers from made-up /proc and /sys folders.</summary>
public sealed class MachineLimitsTests
{
    private string _root = "";

    [SetUp]
    public void MakeMachine()
    {
        _root = Directory.CreateTempSubdirectory("speeddata-machine-").FullName;
        Put("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:         1000 kB\n");
        Put("proc/self/status", "Name:\tdotnet\nCapEff:\t0000000000000000\n");
        Put("proc/sys/net/core/rmem_max", "212992\n");
        Put("proc/sys/net/core/wmem_max", "106496\n");
    }

    [TearDown]
    public void RemoveMachine() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Without_a_cgroups_limit_the_machines_memory_counts()
    {
        Put("proc/self/cgroup", "0::/user.slice\n");
        Put("sys/fs/cgroup/user.slice/memory.max", "max\n");
        MachineLimits limits = MachineLimits.Read(_root);
        Assert.That((limits.MemoryBytes, limits.MemorySource), Is.EqualTo((8_000_000L * 1024, "of this machine's memory")));
    }

    [Test]
    public void The_smallest_limit_of_nested_cgroups_counts()
    {
        Put("proc/self/cgroup", "0::/system.slice/speeddata.service\n");
        Put("sys/fs/cgroup/system.slice/speeddata.service/memory.max", "2000000000\n");
        Put("sys/fs/cgroup/system.slice/memory.max", "1000000000\n");
        Assert.That(MachineLimits.Read(_root).MemoryBytes, Is.EqualTo(1_000_000_000));
    }

    [Test]
    public void In_a_container_the_limit_is_at_the_root()
    {
        Put("proc/self/cgroup", "0::/\n");
        Put("sys/fs/cgroup/memory.max", "500000000\n");
        MachineLimits limits = MachineLimits.Read(_root);
        Assert.That(limits.MemoryBytes, Is.EqualTo(500_000_000));
        Assert.That(limits.MemorySource, Does.EndWith("sys/fs/cgroup/memory.max"));
    }

    [Test]
    public void Cgroups_version_1_is_read_too()
    {
        Put("proc/self/cgroup", "12:cpu,cpuacct:/\n9:memory:/docker/abc\n0::/\n");
        // A container often sees its own group at the root of the mount, whatever the path says.
        Put("sys/fs/cgroup/memory/memory.limit_in_bytes", "700000000\n");
        Assert.That(MachineLimits.Read(_root).MemoryBytes, Is.EqualTo(700_000_000));
    }

    [Test]
    public void The_sysctls_limit_the_buffer_of_a_socket()
    {
        MachineLimits limits = MachineLimits.Read(_root);
        Assert.That((limits.ReceiveBufferBytes, limits.SendBufferBytes), Is.EqualTo((212992L, 106496L)));
    }

    [Test]
    public void A_process_with_network_administration_rights_gets_the_requested_buffer()
    {
        Put("proc/self/status", "CapEff:\t0000000000001000\n");
        Assert.That(MachineLimits.Read(_root).ReceiveBufferBytes, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void Without_proc_and_sys_the_runtime_provides_the_memory_size() =>
        Assert.That(MachineLimits.Read(Path.Combine(_root, "nothing")).MemoryBytes, Is.GreaterThan(0));

    [TestCase(BurstRing.MinCapacity)]
    [TestCase(BurstRing.MaxCapacity)]
    public void A_ring_counts_with_its_real_size(int capacity) => Assert.That(MemoryLimit.RingFootprint(capacity), Is.EqualTo(BurstRing.Footprint(capacity)));

    private void Put(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    [Test]
    public void The_slots_of_a_receiver_count_with_their_real_size() =>
        Assert.That(MemoryLimit.ReceiveSlots, Is.EqualTo((long)BatchedReceiver.Slots * BatchedReceiver.SlotBytes));
}
