using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive.Retention;

/// <summary>Folders of real files. The test controls the clock and the disk, and runs retention round by round.</summary>
internal sealed class RetentionBench : IDisposable
{
    /// <summary>2026-01-02 03:04:05 UTC.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TempFolder _root = new();
    private readonly List<BenchChannel> _channels = [];
    private RetentionRound _round;
    private RetainedChannel[] _retained = [];

    public RetentionBench(DateTimeOffset? start = null)
    {
        Time = new JumpingTime(start ?? Start);
        Disk = new SmallDisk { Root = _root.Path };
        _round = new RetentionRound(Disk, Time);
    }

    public JumpingTime Time { get; }

    public SmallDisk Disk { get; }

    public BenchChannel Add(string name = "alpha", ArchiveOptions? limits = null)
    {
        var channel = new BenchChannel(name, Path.Combine(_root.Path, name), limits ?? new ArchiveOptions());
        _channels.Add(channel);
        Begin(channel);
        return channel;
    }

    /// <summary>Runs one round of retention, as the server does every second.</summary>
    public void Look() => _round.Look(_retained);

    /// <summary>Lets time pass in steps and runs a round after each.</summary>
    public void Pass(TimeSpan span, TimeSpan? step = null)
    {
        TimeSpan every = step ?? TimeSpan.FromSeconds(30);
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += every)
        {
            Time.Advance(every < span - passed ? every : span - passed);
            Look();
        }
    }

    /// <summary>Restarts the process: it forgets everything and lists the disk again.</summary>
    public void Restart()
    {
        _round = new RetentionRound(Disk, Time);
        _retained = [];
        _channels.ForEach(Begin);
        Look();
    }

    public void Remove(BenchChannel channel)
    {
        channel.Retained.Release();
        _retained = [.. _retained.Where(other => other != channel.Retained)];
    }

    public void Dispose()
    {
        _channels.ForEach(channel => channel.Folder.Dispose());
        _root.Dispose();
    }

    private void Begin(BenchChannel channel)
    {
        channel.Folder?.Dispose();
        channel.Folder = new ArchiveFolder(channel.Path, channel.Name, Disk, Time);
        channel.Retained = _round.Retain(channel.Folder, channel.Limits, channel.Counters);
        channel.Time = Time;
        _retained = [.. _retained, channel.Retained];
    }
}

/// <summary>A channel's folder.</summary>
internal sealed class BenchChannel(string name, string path, ArchiveOptions limits)
{
    public string Name => name;

    public string Path => path;

    public ArchiveOptions Limits => limits;

    public ChannelCounters Counters { get; } = new();

    public ArchiveFolder Folder { get; set; } = null!;

    public RetainedChannel Retained { get; set; } = null!;

    public JumpingTime Time { get; set; } = null!;

    /// <summary>Names of the finished files, oldest first.</summary>
    public IEnumerable<string> Finished => Files.Where(file => file.EndsWith(".avro", StringComparison.Ordinal));

    public IEnumerable<string> Files => Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).Select(p => System.IO.Path.GetFileName(p)).Where(file => file != FolderLock.FileName).Order(StringComparer.Ordinal) : [];

    /// <summary>Number of files deleted for their age, the quota and the free space.</summary>
    public (long Age, long Bytes, long FreeSpace) Deleted =>
        (Counters.DeletedFiles(DeletionReason.Age), Counters.DeletedFiles(DeletionReason.Bytes), Counters.DeletedFiles(DeletionReason.FreeSpace));

    /// <summary>Writes and finishes a file, named by the wall clock as the writer names it.</summary>
    public string Finish(int bytes = 100)
    {
        string[] before = [.. Finished];
        Begin(bytes)();
        return Finished.Except(before).Single();
    }

    /// <summary>Begins a file of this process.</summary>
    /// <returns>An action that finishes the file.</returns>
    public Action Begin(int bytes = 100)
    {
        int error = Folder.Create(Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000, out ArchiveName file, out SafeFileHandle? handle);
        Assert.That(error, Is.Zero);
        using (handle)
            RandomAccess.Write(handle!, new byte[bytes], 0);
        return () =>
        {
            File.SetLastWriteTimeUtc(Folder.PathOf(file.Part), Time.GetUtcNow().UtcDateTime);
            Assert.That(Folder.Finish(file, bytes, out _), Is.Zero);
        };
    }

    /// <summary>Creates a file as an earlier process left it.</summary>
    public string Find(DateTimeOffset named, DateTimeOffset? modified = null, int bytes = 100)
    {
        string file = new ArchiveName(name, named.ToUnixTimeMilliseconds() * 1000).Finished;
        Put(file, bytes, modified ?? named);
        Folder.Forget();
        return file;
    }

    public void Put(string file, int bytes = 100, DateTimeOffset? modified = null)
    {
        Directory.CreateDirectory(path);
        string full = System.IO.Path.Combine(path, file);
        File.WriteAllBytes(full, new byte[bytes]);
        File.SetLastWriteTimeUtc(full, (modified ?? Time.GetUtcNow()).UtcDateTime);
    }

    public void AssertTotalsFollow() => Assert.Multiple(() =>
    {
        (long files, long bytes, long newest, DateTimeOffset? oldest) = Folder.Listing.Totals;
        string[] there = [.. Finished];
        Assert.That(files, Is.EqualTo(there.Length));
        Assert.That(newest, Is.EqualTo(there.Length == 0 ? 0 : new FileInfo(System.IO.Path.Combine(path, there[^1])).Length));
        Assert.That(bytes, Is.EqualTo(there.Sum(file => new FileInfo(System.IO.Path.Combine(path, file)).Length)));
        Assert.That(oldest is { } at ? new ArchiveName(name, (at - DateTimeOffset.UnixEpoch).Ticks / 10).Finished : null, Is.EqualTo(there.FirstOrDefault()));
    });
}
