using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;

namespace SpeedData.Tests.Archive;

[TestFixture]
[Platform("Linux")]
public class LinuxArchiveFilesTests : ArchiveFilesContract
{
    private protected override IArchiveFiles Files { get; } = new LinuxArchiveFiles();

    [Test]
    public void A_full_file_system_reports_that_it_is_full()
    {
        // /dev/full takes nothing. It exists already, so the test opens it itself.
        using SafeFileHandle full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.That(Files.Write(full, 0, new WritePieces("x"u8, default, default, default)), Is.EqualTo(new WriteResult(0, 28)));
    }

    [Test]
    public void File_systems_are_distinguished()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Files.Room("/proc", out FileSystemRoom proc), Is.Zero);
            Assert.That(Files.Room("/sys", out FileSystemRoom sys), Is.Zero);
            Assert.That(proc.Id, Is.Not.EqualTo(sys.Id));
        });
    }

    [Test]
    public void A_missing_folder_cannot_be_synced() => Assert.That(Files.SyncFolder("/nowhere/at/all"), Is.EqualTo(2));
}

[TestFixture]
public class PortableArchiveFilesTests : ArchiveFilesContract
{
    private protected override IArchiveFiles Files { get; } = new PortableArchiveFiles();
}

/// <summary>Tests that every implementation of <see cref="IArchiveFiles"/> must pass.</summary>
public abstract class ArchiveFilesContract
{
    private string _folder = null!;

    private protected abstract IArchiveFiles Files { get; }

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("speeddata-files-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_folder_is_created_with_its_parents_and_may_exist()
    {
        string deep = Path.Combine(_folder, "a", "b", "c");
        Assert.Multiple(() =>
        {
            Assert.That(Files.CreateFolder(deep), Is.Zero);
            Assert.That(Files.CreateFolder(deep), Is.Zero);
            Assert.That(Files.SyncFolder(deep), Is.Zero);
            Assert.That(Directory.Exists(deep), Is.True);
        });
    }

    [Test]
    public void A_folder_is_not_created_in_place_of_a_file()
    {
        File.WriteAllText(At("file"), "");
        Assert.That(Files.CreateFolder(At("file")), Is.Not.Zero);
    }

    [Test]
    public void A_file_is_created_only_if_it_does_not_exist()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Create("x"), Is.Zero);
            Assert.That(Create("x"), Is.EqualTo(17));
            Assert.That(Create(Path.Combine("none", "x")), Is.EqualTo(2));
        });
    }

    [Test]
    public void All_pieces_are_written_one_after_the_other()
    {
        Assert.That(Files.Create(At("x"), out SafeFileHandle? file), Is.Zero);
        using (file)
        {
            Assert.Multiple(() =>
            {
                Assert.That(Files.Write(file!, 0, new WritePieces("ab"u8, "cde"u8, default, "f"u8)), Is.EqualTo(new WriteResult(6, 0)));
                Assert.That(Files.Write(file!, 6, new WritePieces(default, "g"u8, "hi"u8, default)), Is.EqualTo(new WriteResult(3, 0)));
                Assert.That(Files.Truncate(file!, 8), Is.Zero);
                Assert.That(Files.Sync(file!), Is.Zero);
            });
        }
        Assert.That(File.ReadAllText(At("x")), Is.EqualTo("abcdefgh"));
    }

    [Test]
    public void A_rename_never_replaces_a_file()
    {
        File.WriteAllText(At("new"), "new");
        File.WriteAllText(At("old"), "old");
        Assert.Multiple(() =>
        {
            Assert.That(Files.Rename(At("new"), At("old")), Is.EqualTo(17));
            Assert.That(File.ReadAllText(At("old")), Is.EqualTo("old"));
            Assert.That(Files.Rename(At("new"), At("free")), Is.Zero);
            Assert.That(File.ReadAllText(At("free")), Is.EqualTo("new"));
            Assert.That(Files.Rename(At("new"), At("other")), Is.EqualTo(2));
        });
    }

    [Test]
    public void Files_are_listed_with_bytes_and_modification_time_and_folders_are_not()
    {
        var modified = new DateTimeOffset(2025, 6, 7, 8, 9, 10, TimeSpan.Zero);
        File.WriteAllText(At("a"), "123");
        File.SetLastWriteTimeUtc(At("a"), modified.UtcDateTime);
        Directory.CreateDirectory(At("folder"));
        var entries = new List<ArchiveEntry>();
        Assert.Multiple(() =>
        {
            Assert.That(Files.List(_folder, entries), Is.Zero);
            Assert.That(entries, Is.EqualTo([new ArchiveEntry("a", 3, modified)]));
            Assert.That(Files.List(At("none"), entries), Is.EqualTo(2));
        });
    }

    [Test]
    public void A_deleted_file_no_longer_exists()
    {
        File.WriteAllText(At("x"), "");
        Assert.Multiple(() =>
        {
            Assert.That(Files.Exists(At("x")), Is.Zero);
            Assert.That(Files.Delete(At("x")), Is.Zero);
            Assert.That(Files.Exists(At("x")), Is.EqualTo(2));
        });
    }

    [Test]
    public void The_free_space_of_a_folder_agrees_with_the_runtime()
    {
        int error = Files.Room(_folder, out FileSystemRoom room);
        int again = Files.Room(Path.GetTempPath(), out FileSystemRoom same);
        var drive = new DriveInfo(_folder);
        Assert.Multiple(() =>
        {
            Assert.That((error, again), Is.EqualTo((0, 0)));
            Assert.That(room.TotalBytes, Is.EqualTo(drive.TotalSize));
            // Other programs write to the disk too.
            Assert.That(room.FreeBytes, Is.EqualTo(drive.AvailableFreeSpace).Within(drive.TotalSize / 10));
            Assert.That(same.Id, Is.EqualTo(room.Id));
            Assert.That(Files.Room(At("none"), out _), Is.EqualTo(2));
        });
    }

    private string At(string name) => Path.Combine(_folder, name);

    private int Create(string name)
    {
        int error = Files.Create(At(name), out SafeFileHandle? file);
        file?.Dispose();
        return error;
    }
}
