using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Rejects;

/// <summary>
/// Manages the files of refused datagrams in a channel's folder: limits their size and finishes the files of a killed process. One thread.
/// </summary>
/// <param name="channel">Prefix of the file names.</param>
/// <param name="folder">The folder.</param>
/// <param name="files">File operations.</param>
internal sealed class RejectFolder(string channel, ArchiveFolder folder, IArchiveFiles files)
{
    // Rare datagrams create small files, whose number a quota of bytes does not limit.
    private const int MostFiles = 64;

    /// <summary>
    /// Deletes files until the rest fits the quota. Keeps the first and the latest file, so deletion starts with the second oldest.
    /// </summary>
    /// <param name="most">The most bytes that the files may have.</param>
    public void Limit(long most)
    {
        // Another thread may be giving an unfinished file its final name. Listed in this order, it is counted twice, but never missed.
        long bytes = Listed(FileSuffix.Rejected + FileSuffix.Unfinished).Sum(file => file.Bytes);
        List<ArchiveEntry> finished = Listed(FileSuffix.Rejected);
        bytes += finished.Sum(file => file.Bytes);
        while (finished.Count > 2 && (bytes > most || finished.Count > MostFiles))
        {
            if (files.Delete(folder.PathOf(finished[1].Name)) == 0)
                bytes -= finished[1].Bytes;
            finished.RemoveAt(1);
        }
    }

    /// <summary>Finishes the files of an earlier process: cuts off incomplete blocks.</summary>
    public void Recover()
    {
        foreach (ArchiveEntry part in Listed(FileSuffix.Rejected + FileSuffix.Unfinished))
        {
            string path = folder.PathOf(part.Name);
            try
            {
                Recover(path);
            }
            catch (Exception e) when (OpenFile.IsTrouble(e))
            {
                // The file stays unchanged. Rescue can read it anyway.
            }
        }
    }

    private void Recover(string path)
    {
        if (WholeBytes(path) is not { } whole)
        {
            files.Delete(path);
            return;
        }

        if (files.Open(path, out SafeFileHandle? handle) != 0)
            return;
        using (handle)
            files.Truncate(handle!, whole);
        files.Rename(path, path[..^FileSuffix.Unfinished.Length]);
    }

    /// <returns>The length of the complete blocks; null if there are none.</returns>
    private static long? WholeBytes(string path)
    {
        using SafeFileHandle handle = OpenFile.Open(path, out IByteSource source);
        if (ContainerReader.Open(source, out _) is not { } reader)
            return null;
        long at = reader.Header.Length, blocks = 0;
        for (; at < source.Length && reader.ReadFrame(at, out BlockFrame frame) is null; blocks++)
            at = frame.End;
        return blocks > 0 ? at : null;
    }

    private List<ArchiveEntry> Listed(string suffix)
    {
        var entries = new List<ArchiveEntry>();
        files.List(folder.Path, entries);
        return [.. entries
            .Where(entry => entry.Name.StartsWith(channel + "-", StringComparison.Ordinal) && entry.Name.EndsWith(suffix, StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }
}
