using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>A folder with the files of an ended process, and a recovery of that folder.</summary>
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

    /// <summary>Makes a finished archive, with its index, whose blocks have these numbers of records.</summary>
    public static Pristine Archive(ArchiveCodec codec, params int[] blocks) => Archive(codec, new ArchiveOptions(), i => (i * 7 % 60) + 1, blocks);

    /// <summary>Makes an archive whose records have no time.</summary>
    public static Pristine Timeless(params int[] blocks) => Archive(ArchiveCodec.Null, new ArchiveOptions(), i => (i * 7 % 60) + 1, blocks, null);

    /// <param name="codec">Codec of the file.</param>
    /// <param name="options">All other options.</param>
    /// <param name="textLength">Length of the text in the records of the n-th burst.</param>
    /// <param name="blocks">Number of records in each block.</param>
    /// <param name="timeField">The configured time field.</param>
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

    /// <summary>Runs one recovery, as a process does when it starts.</summary>
    /// <param name="bootId">ID of the machine's boot; null for the boot in which the files were written.</param>
    /// <returns>Whether the recovery is complete.</returns>
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

/// <summary>A finished archive, as its writer left it.</summary>
/// <param name="Stem">File name without suffix.</param>
/// <param name="Bytes">Bytes of the archive.</param>
/// <param name="Index">Bytes of the index.</param>
/// <param name="File">The parsed archive.</param>
internal sealed record Pristine(string Stem, byte[] Bytes, byte[] Index, ContainerFile File)
{
    public string Part => Stem + ".avro.part";

    public string Finished => Stem + ".avro";

    public string IndexName => Stem + ".idx";

    public string Torn => Stem + ".avro.torn";

    /// <summary>Offset of the header's end.</summary>
    public int HeaderEnd => File.BlockEnds.Count == 0 ? Bytes.Length : File.BlockStarts[0];
}
