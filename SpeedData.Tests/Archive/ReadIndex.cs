using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Tests.Archive;

/// <summary>An index, read into memory up to its first fault.</summary>
internal sealed record ReadIndex(IReadOnlyList<IndexEntry> Entries, uint HeaderCrc, bool IsWhole)
{
    /// <returns>The index, or null if it cannot be read.</returns>
    public static ReadIndex? TryRead(string path)
    {
        using IndexCursor? cursor = IndexCursor.TryOpen(path);
        if (cursor is null)
            return null;
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        ContainerReader reader = ContainerReader.Open(new FileSource(file, RandomAccess.GetLength(file)), out _)!;
        IndexReader decoder = IndexReader.For(reader.Header, out _)!;
        var entries = new List<IndexEntry>();
        while (cursor.MoveNext())
        {
            // The cursor reuses one entry.
            reader.ReadFrame(cursor.Position, out BlockFrame frame);
            entries.Add(decoder.Decode(reader.Data(frame))!);
        }

        return new ReadIndex(entries, cursor.HeaderCrc, cursor.IsWhole);
    }
}
