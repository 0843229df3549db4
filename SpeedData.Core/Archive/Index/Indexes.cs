using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Index;

/// <summary>Indexes as files, which may be missing or anything: nothing is then known.</summary>
public static class Indexes
{
    /// <returns>Null where there is no index that can be read.</returns>
    public static IndexReader? TryRead(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return IndexReader.Read(new FileSource(file, RandomAccess.GetLength(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>Its entries by the offset of their block.</returns>
    internal static IReadOnlyDictionary<long, IndexEntry> ByOffset(string path)
    {
        var entries = new Dictionary<long, IndexEntry>();
        foreach (IndexEntry entry in TryRead(path)?.Entries ?? [])
            entries.TryAdd(entry.Offset, entry);
        return entries;
    }
}
