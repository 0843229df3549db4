using System.Diagnostics;
using SpeedData.Core.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server where the disk of its archives comes later, or goes; in a mount namespace of its own.</summary>
[Platform("Linux")]
public sealed class MountTests
{
    [Test]
    public void The_archive_waits_for_its_disk_and_begins_within_two_seconds_of_it()
    {
        using var server = new ServerProcess(storage: """ "RequireMount": true, "AvroPath": "disk/data" """, archive: """ "MinFreeBytes": "1024 GiB", "FlushEvery": "20 ms" """) { DataFolder = "disk/data" };
        string disk = StartBesideADisk(server);
        server.Relay(50);
        server.UntilLogged("waits for its disk");
        Assert.That(Directory.Exists(Path.Combine(disk, "data")), Is.False, "nothing is made where the disk will be");

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
            Assert.That(archived, Does.Contain(server.Relayed[^1]), "the last is archived");
            Assert.That(server.Relayed, Has.Count.GreaterThan(until));
            Assert.That(Directory.Exists(Path.Combine(disk, "data")), Is.False, "nothing lies below the disk");
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

    /// <summary>Files of the channel as the server sees them.</summary>
    private static int SeenInside(ServerProcess server, string disk)
    {
        string folder = Inside(server, disk);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.part").Count() + Directory.EnumerateFiles(folder, "*.avro").Count() : 0;
    }

    /// <summary>Ends the server and reads what it left, through its own root while another process keeps the namespace.</summary>
    private static List<long> ArchivedInside(ServerProcess server, string disk)
    {
        using Process keeper = Process.Start(new ProcessStartInfo("nsenter", ["--target", $"{server.Process.Id}", "--mount", "sleep", "60"]))!;
        try
        {
            Eventually.True(() => Directory.Exists(Inside(keeper.Id, disk)), "the namespace is kept");
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
