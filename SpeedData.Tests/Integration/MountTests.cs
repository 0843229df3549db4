using System.Diagnostics;
using SpeedData.Core.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server, in its own mount namespace, with an archive disk that is mounted late or unmounted.</summary>
[Platform("Linux")]
public sealed class MountTests
{
    [Test]
    public void The_archive_waits_for_its_disk_and_starts_within_two_seconds_of_the_mount()
    {
        using var server = new ServerProcess(storage: """ "RequireMount": true, "AvroPath": "disk/data" """, archive: """ "MinFreeBytes": "1024 GiB", "FlushEvery": "20 ms" """) { DataFolder = "disk/data" };
        string disk = StartBesideADisk(server);
        server.Relay(50);
        server.UntilLogged("waits for its disk");
        Assert.That(Directory.Exists(Path.Combine(disk, "data")), Is.False, "nothing is created at the mount point");

        Mount(server, disk);
        int until = server.Relayed.Count;
        Eventually.True(
            () =>
            {
                server.Send(1);
                return SeenInside(server, disk) > 0;
            },
            "a file on the disk",
            seconds: 2);
        server.UntilLogged("is now on another disk, tmpfs");
        server.Relay(50);
        List<long> archived = ArchivedInside(server, disk);

        Assert.Multiple(() =>
        {
            Assert.That(archived, Is.SubsetOf(server.Relayed));
            Assert.That(archived, Does.Contain(server.Relayed[^1]), "the last record is archived");
            Assert.That(server.Relayed, Has.Count.GreaterThan(until));
            Assert.That(Directory.Exists(Path.Combine(disk, "data")), Is.False, "nothing is below the mount point");
        });
    }

    [Test]
    public void The_log_says_where_earlier_records_are_when_a_disk_is_mounted_over_them()
    {
        using var server = new ServerProcess(storage: """ "AvroPath": "disk/data" """) { DataFolder = "disk/data" };
        string disk = StartBesideADisk(server);
        server.Relay(50);
        server.UntilLogged("bytes free");
        Mount(server, disk);
        server.UntilLogged("Earlier recordings are on");
    }

    [Test]
    public void The_archive_continues_each_time_its_disk_is_mounted_and_waits_each_time_it_is_pulled_out()
    {
        using var server = new ServerProcess(storage: """ "RequireMount": true, "AvroPath": "disk/data" """, archive: """ "FlushEvery": "20 ms" """) { DataFolder = "disk/data" };
        string disk = StartBesideADisk(server);
        server.UntilHttpAnswers();
        for (int round = 0; round < 3; round++)
        {
            server.Relay(20);
            Assert.That(IsWaiting(), Is.True, $"the archive waits for disk {round}");
            Mount(server, disk);
            SendsUntil(() => SeenInside(server, disk) > 0 && !IsWaiting(), $"a file on disk {round}", seconds: 2);
            // Unmounts lazily, like pulling out a disk while files on it are open.
            Wire.Run("nsenter", $"--target {server.Process.Id} --mount umount --lazy {disk}");
            SendsUntil(IsWaiting, $"the archive knows that disk {round} is gone", seconds: 5);
            Assert.That(Directory.Exists(Path.Combine(disk, "data")), Is.False, "nothing is created below the mount point");
        }

        Assert.That(server.Stop(), Is.Zero);

        bool IsWaiting() => server.Get("/health/ready").Contains("waits for its disk", StringComparison.Ordinal);

        void SendsUntil(Func<bool> condition, string what, double seconds) => Eventually.True(
            () =>
            {
                server.Send(1);
                return condition();
            },
            what,
            seconds);
    }

    [Test]
    public void Registered_channels_load_when_their_disk_is_mounted_and_nothing_is_registered_before()
    {
        using var server = new ServerProcess(storage: """ "RequireMount": true, "AvroPath": "disk/data" """) { DataFolder = "disk/data" };
        string prepared = Directory.CreateDirectory(Path.Combine(server.Folder, "prepared", "data", ".channels")).FullName;
        File.WriteAllText(Path.Combine(prepared, "kept.json"), $$"""{ "Port": {{Udp.FreePort()}}, "Schema": "{{Path.Combine(server.Folder, "test.avsc")}}", "FullRate": { "Enabled": false }, "Decimated": { "Enabled": false } }""");
        string disk = StartBesideADisk(server);
        server.Relay(20);
        server.UntilHttpAnswers();

        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        int Register(string name, int udp)
        {
            using var body = new StringContent($$"""{ "name": "{{name}}", "port": {{udp}}, "schema": "test.avsc", "config": { "FullRate": { "Enabled": false }, "Decimated": { "Enabled": false } } }""");
            return (int)client.PostAsync(new Uri($"http://127.0.0.1:{server.HttpPort}/api/v1/channels"), body).GetAwaiter().GetResult().StatusCode;
        }

        int before = Register("early", Udp.FreePort());
        string waiting = server.Get("/health/ready");
        Wire.Run("nsenter", $"--target {server.Process.Id} --mount mount --bind {Path.Combine(server.Folder, "prepared")} {disk}");
        Eventually.True(() => server.Get("/api/v1/channels").Contains("\"name\":\"kept\"", StringComparison.Ordinal), "the registered channel is loaded", seconds: 5);
        int after = Register("late", Udp.FreePort());

        Assert.Multiple(() =>
        {
            Assert.That((before, after), Is.EqualTo((503, 201)));
            Assert.That(waiting, Does.Contain("\"registered\":").And.Contain("waits for its disk"));
            Assert.That(Directory.Exists(Path.Combine(disk, "data")), Is.False, "nothing is created below the mount point");
            Assert.That(File.Exists(Path.Combine(prepared, "late.json")), Is.True);
            Assert.That(server.Stop(), Is.Zero);
        });
    }

    [Test]
    public void A_read_only_disk_and_its_change_are_noticed_before_the_first_datagram()
    {
        using var server = new ServerProcess(storage: """ "AvroPath": "disk/data" """) { DataFolder = "disk/data" };
        string disk = Directory.CreateDirectory(Path.Combine(server.Folder, "disk")).FullName;
        if (!CanUnshare())
            Assert.Ignore("needs the right to make a mount namespace");
        server.Start("unshare", "--mount", "sh", "-c", $"mount -t tmpfs -o ro,size=64m tmpfs {disk} && exec \"$@\"", "sh");
        Eventually.True(() => LocalHttp.TryGet(server.HttpPort, "/health/ready").Contains("EROFS", StringComparison.Ordinal), "readiness names the fault");
        Assert.Multiple(() =>
        {
            Assert.That(server.Get("/metrics"), Does.Match($$"""speeddata_archive_up\{channel="{{ServerProcess.Channel}}"[^}]*\} 0"""));
            Assert.That(server.Get("/metrics"), Does.Match($$"""speeddata_received_datagrams_total\{channel="{{ServerProcess.Channel}}"[^}]*\} 0"""));
        });
        Wire.Run("nsenter", $"--target {server.Process.Id} --mount mount -o remount,rw {disk}");
        Eventually.True(() => server.Get("/health/ready").Contains("\"ready\"", StringComparison.Ordinal), "it is ready", seconds: 2);
        server.Relay(50);
        List<long> archived = ArchivedInside(server, disk);
        Assert.That(archived, Is.EqualTo(server.Relayed).And.Not.Empty);
    }

    private static string StartBesideADisk(ServerProcess server)
    {
        string disk = Directory.CreateDirectory(Path.Combine(server.Folder, "disk")).FullName;
        if (!CanUnshare())
            Assert.Ignore("needs the right to make a mount namespace");
        if (MountPoint.Of(disk) is not { IsRoot: true })
            Assert.Ignore("needs a folder for temporary files that is on the root file system");
        server.Start("unshare", "--mount");
        return disk;
    }

    private static void Mount(ServerProcess server, string disk) =>
        Wire.Run("nsenter", $"--target {server.Process.Id} --mount mount -t tmpfs -o size=64m tmpfs {disk}");

    /// <summary>Counts the files of the channel that the server sees.</summary>
    private static int SeenInside(ServerProcess server, string disk)
    {
        string folder = Inside(server, disk);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.part").Count() + Directory.EnumerateFiles(folder, "*.avro").Count() : 0;
    }

    /// <summary>Stops the server and reads its archives through its own root, while another process keeps the namespace.</summary>
    private static List<long> ArchivedInside(ServerProcess server, string disk)
    {
        using Process keeper = Process.Start(new ProcessStartInfo("nsenter", ["--target", $"{server.Process.Id}", "--mount", "sleep", "60"]))!;
        try
        {
            Eventually.True(() => Directory.Exists(Inside(keeper.Id, disk)), "another process keeps the namespace");
            Assert.That(server.Stop(), Is.Zero);
            return ServerProcess.ArchivedIn(Inside(keeper.Id, disk));
        }
        finally
        {
            keeper.Kill();
            keeper.WaitForExit();
        }
    }

    private static string Inside(ServerProcess server, string disk) => Inside(server.Process.Id, disk);

    private static string Inside(int process, string disk) => $"/proc/{process}/root{disk}/data/{ServerProcess.Channel}";

    private static bool CanUnshare()
    {
        try
        {
            Wire.Run("unshare", "--mount true");
            return true;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}
