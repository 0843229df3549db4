using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Makes the index of an archive anew, as far as it can be: what the old one says of a block that is still there is kept, by
/// the block's checksum; of any other block its place, its device times and its checksum are known, and neither when it came
/// nor from whom. One thread.
/// </summary>
/// <param name="files">File operations.</param>
/// <param name="path">Where the index lies, or should.</param>
/// <param name="channel">The channel's name.</param>
/// <param name="name">The archive's.</param>
/// <param name="time">Which field is the device's time.</param>
internal sealed class IndexRebuild(IArchiveFiles files, string path, string channel, ArchiveName name, TimeOptions time)
{
    public const string NewSuffix = ".new";

    private const int WriteBytes = 64 << 10;

    private bool _hasMoved;
    private readonly Dictionary<(uint Crc, long Bytes), Queue<IndexEntry>> _known = [];

    /// <param name="archivePath">Where the archive lies, finished or not.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>False if it could not be made; there is none then.</returns>
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
        IndexReader? old = Indexes.TryRead(path);
        foreach (IndexEntry entry in old?.Entries ?? [])
        {
            if (!_known.TryGetValue((entry.Crc32C, entry.Bytes), out Queue<IndexEntry>? alike))
                _known.Add((entry.Crc32C, entry.Bytes), alike = new Queue<IndexEntry>());
            alike.Enqueue(entry);
        }

        ReadOnlySpan<byte> header = reader.Bytes(0, reader.Header.Length);
        uint headerCrc = Crc32C.Append(0, header);
        List<IndexEntry> entries = Describe(reader, stop);
        if (old is { IsWhole: true } && old.HeaderCrc == headerCrc && !_hasMoved && entries.SequenceEqual(old.Entries))
            return true;
        return Write(entries, reader.Bytes(0, reader.Header.Length));
    }

    private List<IndexEntry> Describe(ContainerReader reader, CancellationToken stop)
    {
        var entries = new List<IndexEntry>();
        long? ordinal = long.TryParse(reader.Header.Text(IndexSchema.OrdinalKey), NumberStyles.None, CultureInfo.InvariantCulture, out long stated) ? stated : null;
        var times = DeviceTimes.For(reader.Header, time);
        long at = reader.Header.Length;
        while (at < reader.Length && reader.ReadFrame(at, out BlockFrame frame) is null)
        {
            stop.ThrowIfCancellationRequested();
            entries.Add(Describe(reader, frame, times, ordinal));
            ordinal += frame.Records;
            at = frame.End;
        }

        return entries;
    }

    private IndexEntry Describe(ContainerReader reader, in BlockFrame frame, DeviceTimes times, long? ordinal)
    {
        long bytes = frame.End - frame.Offset;
        uint crc = Crc32C.Append(0, reader.Bytes(frame.Offset, (int)bytes));
        if (_known.TryGetValue((crc, bytes), out Queue<IndexEntry>? alike) && alike.TryDequeue(out IndexEntry? known))
        {
            _hasMoved |= known.Offset != frame.Offset;
            known.Offset = frame.Offset;
            return known;
        }

        (long? first, long? last) = times.Of(reader.Data(frame), frame.Records);
        return new IndexEntry
        {
            Offset = frame.Offset,
            Bytes = bytes,
            Records = frame.Records,
            Ordinal = ordinal,
            DeviceFirstNs = first,
            DeviceLastNs = last,
            Crc32C = crc,
        };
    }

    private bool Write(List<IndexEntry> entries, ReadOnlySpan<byte> archiveHeader)
    {
        string newPath = path + NewSuffix;
        files.Delete(newPath);
        using (IndexFile? index = IndexFile.Create(files, newPath, channel, name, archiveHeader))
        {
            if (index is not null && TryWrite(entries, index) && index.Sync() == 0 && files.Replace(newPath, path) == 0)
                return true;
        }

        // One that says too much is worse than none.
        files.Delete(newPath);
        files.Delete(path);
        return false;
    }

    private static bool TryWrite(List<IndexEntry> entries, IndexFile index)
    {
        foreach (IndexEntry entry in entries)
        {
            index.Add(entry);
            if (index.Collected >= WriteBytes && !index.TryWrite())
                return false;
        }

        return index.TryWrite();
    }
}
