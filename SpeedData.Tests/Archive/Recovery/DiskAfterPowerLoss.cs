namespace SpeedData.Tests.Archive.Recovery;

/// <summary>State of unsynced data after a power loss.</summary>
internal enum Unsynced
{
    /// <summary>The disk has all of it.</summary>
    Present,

    /// <summary>The disk has none of it.</summary>
    Absent,

    /// <summary>Files have their full length, but pages that were never synced are zeros.</summary>
    Zero,

    /// <summary>Each page and each name is as it was written or as it was synced. A file has any length in between.</summary>
    Mixed,
}

/// <summary>
/// The files of a folder after a power loss. They hold all data that a completed sync covers; each other page is there
/// or not.
/// </summary>
internal sealed class DiskAfterPowerLoss
{
    private const int Page = 4096;

    private readonly Dictionary<int, Content> _contents = [];
    private readonly Dictionary<int, string> _names = [];
    private readonly Random _random;

    private DiskAfterPowerLoss(int seed) => _random = new Random(seed);

    /// <param name="log">All operations of the writer.</param>
    /// <param name="moment">Number of operations that were done before the power loss.</param>
    /// <param name="unsynced">State of the operations that no sync covers.</param>
    /// <param name="seed">Seed for <see cref="Unsynced.Mixed"/>.</param>
    /// <returns>Bytes of each file, by name.</returns>
    public static Dictionary<string, byte[]> Files(IReadOnlyList<DiskOperation> log, int moment, Unsynced unsynced, int seed)
    {
        var disk = new DiskAfterPowerLoss(seed);
        IReadOnlyList<DiskOperation> done = [.. log.Take(moment)];
        foreach (int file in done.Where(operation => operation.Kind == DiskOperationKind.Create).Select(operation => operation.File))
            disk._contents[file] = disk.ContentOf(file, done, unsynced);
        long namesSynced = done.Where(operation => operation.Kind == DiskOperationKind.FolderSynced).Select(operation => operation.Offset).DefaultIfEmpty(0).Max();
        bool namesAsTheyWere = unsynced == Unsynced.Mixed ? disk._random.Next(2) == 0 : unsynced != Unsynced.Absent;
        disk.Name(done.Take(namesAsTheyWere ? moment : (int)namesSynced));
        return disk._names.ToDictionary(name => name.Value, name => disk._contents[name.Key].Bytes);
    }

    private Content ContentOf(int file, IReadOnlyList<DiskOperation> done, Unsynced unsynced)
    {
        long covered = done.Where(operation => operation.Kind == DiskOperationKind.Synced && operation.File == file).Select(operation => operation.Offset).DefaultIfEmpty(0).Max();
        var safe = Content.After(done.Take((int)covered).Where(operation => operation.File == file));
        var all = Content.After(done.Where(operation => operation.File == file));
        return unsynced switch
        {
            Unsynced.Present => all,
            Unsynced.Absent => safe,
            Unsynced.Zero => Mix(safe, all, all.Bytes.Length, isThere: () => false),
            _ => Mix(safe, all, _random.Next(Math.Min(safe.Bytes.Length, all.Bytes.Length), Math.Max(safe.Bytes.Length, all.Bytes.Length) + 1), isThere: () => _random.Next(2) == 0),
        };
    }

    /// <summary>Takes each page either as it was written or as it was last synced. A page that was never synced is then zeros.</summary>
    private static Content Mix(Content safe, Content all, int length, Func<bool> isThere)
    {
        var bytes = new byte[length];
        for (int page = 0; page < length; page += Page)
        {
            int size = Math.Min(Page, length - page);
            ReadOnlySpan<byte> before = Slice(safe.Bytes, page, size), after = Slice(all.Bytes, page, size);
            // A page that was synced and then written again holds one of the two contents, never zeros.
            ReadOnlySpan<byte> there = isThere() ? after : before;
            there.CopyTo(bytes.AsSpan(page));
        }

        return new Content(bytes);
    }

    private static ReadOnlySpan<byte> Slice(byte[] bytes, int from, int size) => from >= bytes.Length ? [] : bytes.AsSpan(from, Math.Min(size, bytes.Length - from));

    private void Name(IEnumerable<DiskOperation> done)
    {
        foreach (DiskOperation operation in done)
        {
            switch (operation.Kind)
            {
                case DiskOperationKind.Create or DiskOperationKind.Rename:
                    _names[operation.File] = operation.Name!;
                    break;
                case DiskOperationKind.Delete:
                    _names.Remove(operation.File);
                    break;
            }
        }
    }

    private sealed record Content(byte[] Bytes)
    {
        public static Content After(IEnumerable<DiskOperation> operations)
        {
            using var bytes = new MemoryStream();
            foreach (DiskOperation operation in operations)
            {
                if (operation.Kind == DiskOperationKind.Cut)
                    bytes.SetLength(operation.Offset);
                if (operation.Kind != DiskOperationKind.Write)
                    continue;
                bytes.Position = operation.Offset;
                bytes.Write(operation.Bytes);
            }

            return new Content(bytes.ToArray());
        }
    }
}
