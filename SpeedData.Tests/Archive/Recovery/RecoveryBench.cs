using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>A folder in which a process left what a test puts there, and a recovery of it.</summary>
internal sealed class RecoveryBench : IDisposable
{
    public const string Channel = ArchiveBench.Channel;

    private readonly TempFolder _root = new();

    public RecoveryBench()
    {
        Folder = Path.Combine(_root.Path, Channel);
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    public FaultyFiles Files { get; } = new() { SkipsSyncs = true };

    public IReadOnlyList<RecoveryReport> Reports { get; private set; } = [];

    public IEnumerable<string> Names => Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)!).Where(name => name != FolderLock.FileName).Order(StringComparer.Ordinal);

    /// <summary>A finished archive with blocks of so many records, and its index.</summary>
    public static Pristine Archive(ArchiveCodec codec, params int[] blocks) => Archive(codec, new ArchiveOptions(), i => (i * 7 % 60) + 1, blocks);

    /// <summary>An archive whose records have no time.</summary>
    public static Pristine Timeless(params int[] blocks) => Archive(ArchiveCodec.Null, new ArchiveOptions(), i => (i * 7 % 60) + 1, blocks, null);

    /// <param name="codec">Of the file.</param>
    /// <param name="options">Else.</param>
    /// <param name="textLength">Length of the text of the n-th burst's records.</param>
    /// <param name="blocks">Records of each block.</param>
    /// <param name="timeField">The configured one.</param>
    public static Pristine Archive(ArchiveCodec codec, ArchiveOptions options, Func<int, int> textLength, int[] blocks, string? timeField = "sequence")
    {
        using var bench = new ArchiveBench(options with { Codec = codec, FlushEvery = TimeSpan.FromMilliseconds(1) }, timeField: timeField);
        bench.Start();
        for (int i = 0; i < blocks.Length; i++)
        {
            bench.NowNs += 1_000_000;
            bench.SendBlock(blocks[i], textLength(i));
        }

        bench.Finish();
        string archive = bench.Finished.Single();
        return new Pristine(Path.GetFileNameWithoutExtension(archive), File.ReadAllBytes(archive), File.ReadAllBytes(Path.ChangeExtension(archive, ".idx")), new ContainerFile(archive));
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Put(string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(PathOf(name), bytes);

    /// <summary>One pass, as at the start of a process.</summary>
    /// <param name="bootId">Of the run of the machine; null for the one the files were written in.</param>
    /// <returns>Whether everything could be done.</returns>
    public bool Recover(string? bootId = null)
    {
        using var folder = new ArchiveFolder(Folder, Channel, Files, TimeProvider.System);
        Assert.That(folder.Scan(), Is.Zero);
        var recovery = new FolderRecovery(folder, Channel, new TimeOptions { Field = "sequence" }, Files, bootId ?? BootId.Current);
        bool complete = recovery.Run(CancellationToken.None);
        Reports = recovery.Reports;
        return complete;
    }

    /// <summary>Sequence numbers of all records in archives, by name.</summary>
    public List<long> Archived() =>
        [.. Names.Where(name => name.EndsWith(".avro", StringComparison.Ordinal)).SelectMany(name => new ContainerFile(PathOf(name)).Records()).Select(record => record.Sequence)];

    public void Clear()
    {
        foreach (string file in Directory.EnumerateFiles(Folder))
            File.Delete(file);
    }

    public void Dispose() => _root.Dispose();
}

/// <summary>An archive as its writer left it.</summary>
/// <param name="Stem">Its name without a suffix.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Index">Those of its index.</param>
/// <param name="File">The same, read.</param>
internal sealed record Pristine(string Stem, byte[] Bytes, byte[] Index, ContainerFile File)
{
    public string Part => Stem + ".avro.part";

    public string Finished => Stem + ".avro";

    public string IndexName => Stem + ".idx";

    public string Torn => Stem + ".avro.torn";

    /// <summary>Where the header ends.</summary>
    public int HeaderEnd => File.BlockEnds.Count == 0 ? Bytes.Length : File.BlockStarts[0];
}
