using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Rebuilds the index of an archive as far as possible. It keeps the old entry of each block that still exists, which it finds by
/// the block's checksum. Any other block gets an entry with place, device times and checksum only, without receive times and
/// senders. One entry is in memory at a time. One thread.
/// </summary>
/// <param name="files">File operations.</param>
/// <param name="path">Path of the index.</param>
/// <param name="channel">The channel's name.</param>
/// <param name="name">The archive's name.</param>
/// <param name="time">Which field is the device's time.</param>
internal sealed class IndexRebuild(IArchiveFiles files, string path, string channel, ArchiveName name, TimeOptions time)
{
    private const int WriteBytes = 64 << 10;

    /// <param name="archivePath">The path of the archive, finished or not.</param>
    /// <param name="stop">Stops the rebuild.</param>
    /// <returns>False if the index could not be made. There is none then.</returns>
    public bool Run(string archivePath, CancellationToken stop)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(archivePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var reader = ContainerReader.Open(new FileSource(file, RandomAccess.GetLength(file)), out _);
            return reader is not null && Run(reader, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool Run(ContainerReader reader, CancellationToken stop)
    {
        using IndexCursor? old = IndexCursor.TryOpen(path);
        uint headerCrc = Crc32C.Append(0, reader.Bytes(0, reader.Header.Length));
        if (old is null || old.HeaderCrc != headerCrc)
            return Rewrite(reader, old, stop);
        BlockFrame? unknown = SkipDescribed(reader, old, stop);
        if (unknown is null && old.IsWhole)
            return true;
        if (old.Current is not null || !old.IsOfToday)
            return Rewrite(reader, old, stop);
        return Continue(reader, old, unknown is { } first ? first.Offset : reader.Length, stop);
    }

    /// <summary>Skips blocks and entries as long as they match.</summary>
    /// <returns>
    /// The first block without a matching entry; null if there is none. The cursor is then at the first entry that does not match.
    /// </returns>
    private static BlockFrame? SkipDescribed(ContainerReader reader, IndexCursor old, CancellationToken stop)
    {
        long at = reader.Header.Length;
        bool hasEntry = old.MoveNext();
        while (at < reader.Length && reader.ReadFrame(at, out BlockFrame frame) is null)
        {
            stop.ThrowIfCancellationRequested();
            if (!hasEntry || old.Current!.Offset != at || old.Current.Bytes != frame.End - at || old.Current.Crc32C != CrcOf(reader, frame))
                return frame;
            at = frame.End;
            hasEntry = old.MoveNext();
        }

        return null;
    }

    /// <summary>Appends the missing entries to the old index, which is correct so far.</summary>
    private bool Continue(ContainerReader reader, IndexCursor old, long from, CancellationToken stop)
    {
        using IndexFile? index = IndexFile.Continue(files, path, old.Sync, old.Position);
        return index is not null && TryDescribe(reader, from, new DescribedBlocks(reader, null, time), index, stop) && index.Sync() == 0;
    }

    private bool Rewrite(ContainerReader reader, IndexCursor? old, CancellationToken stop)
    {
        string newPath = path + FileSuffix.New;
        files.Delete(newPath);
        byte[] header = reader.Bytes(0, reader.Header.Length).ToArray();
        using (IndexFile? index = IndexFile.Create(files, newPath, channel, name, header))
        {
            var blocks = new DescribedBlocks(reader, old is null ? null : new KnownEntries(old), time);
            if (index is not null && TryDescribe(reader, reader.Header.Length, blocks, index, stop) && index.Sync() == 0 && files.Replace(newPath, path) == 0)
                return true;
        }

        // An index with wrong entries is worse than none.
        files.Delete(newPath);
        files.Delete(path);
        return false;
    }

    private static bool TryDescribe(ContainerReader reader, long from, DescribedBlocks blocks, IndexFile index, CancellationToken stop)
    {
        long at = reader.Header.Length;
        while (at < reader.Length && reader.ReadFrame(at, out BlockFrame frame) is null)
        {
            stop.ThrowIfCancellationRequested();
            if (at >= from)
                index.Add(blocks.Describe(frame));
            else
                blocks.Pass(frame);
            if (index.Collected >= WriteBytes && !index.TryWrite())
                return false;
            at = frame.End;
        }

        return index.TryWrite();
    }

    private static uint CrcOf(ContainerReader reader, in BlockFrame frame) =>
        Crc32C.Append(0, reader.Bytes(frame.Offset, (int)(frame.End - frame.Offset)));
}
