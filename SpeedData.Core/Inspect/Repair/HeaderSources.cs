using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>Sources for the header of a file whose own is damaged.</summary>
/// <param name="path">The file.</param>
/// <param name="indexPath">The file's index; null if it cannot have one.</param>
/// <param name="schemaPath">The path of the given schema; null for none.</param>
internal sealed class HeaderSources(string path, string? indexPath, string? schemaPath)
{
    private const int MostSiblings = 50;

    /// <summary>CRC-32C of the header, offset of the first block, and more, from the index; null without an index.</summary>
    public (uint Crc, long End, long? Ordinal, string? Channel, byte[]? Copy)? Index { get; } = ReadIndex(indexPath);

    /// <summary>The given schema.</summary>
    /// <exception cref="RepairOutputException">The file is not a schema.</exception>
    public (string Text, string From)? GivenSchema => schemaPath is null ? null : (Read(schemaPath), schemaPath);

    /// <summary>Returns the headers of other files in the folder, nearest by name first.</summary>
    public IEnumerable<(ContainerHeader Header, string From)> Siblings()
    {
        string own = Path.GetFileName(path);
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!)
                .Where(file => InspectItem.RoleOf(file) != FileRole.Index && InspectItem.Stem(file) is not null && Path.GetFileName(file) != own)
                .OrderBy(file => Path.GetFileName(file), StringComparer.Ordinal)];
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            yield break;
        }

        int place = names.Count(name => string.CompareOrdinal(Path.GetFileName(name), own) < 0);
        foreach (string name in names.Select((name, i) => (name, Distance: Math.Abs(i - place + (i < place ? 0 : 1)))).OrderBy(pair => pair.Distance).Take(MostSiblings).Select(pair => pair.name))
        {
            if (HeaderOf(name) is { } header)
                yield return (header, name);
        }
    }

    private static ContainerHeader? HeaderOf(string file)
    {
        try
        {
            using SafeFileHandle handle = OpenFile.Open(file, out IByteSource source);
            return ContainerReader.Open(source, out _)?.Header;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return null;
        }
    }

    private static (uint, long, long?, string?, byte[]?)? ReadIndex(string? path)
    {
        try
        {
            if (path is null)
                return null;
            using IndexCursor? cursor = IndexCursor.Open(path, out _);
            if (cursor is null || !cursor.MoveNext())
                return null;
            return (cursor.HeaderCrc, cursor.Current!.Offset, cursor.Current.Ordinal, cursor.Channel, cursor.ArchiveHeader);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return null;
        }
    }

    private static string Read(string path)
    {
        try
        {
            string text = File.ReadAllText(path);
            FileSchema.Compile(text);
            return text;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e) || e is SchemaException)
        {
            throw new RepairOutputException($"--schema {path} cannot be used: {e.Message}");
        }
    }
}
