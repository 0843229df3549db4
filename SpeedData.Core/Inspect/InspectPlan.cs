using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>The files to inspect.</summary>
/// <param name="Items">The files in the order of the paths. Files of a folder are sorted by name, and thus archives by age.</param>
/// <param name="Missing">Paths that do not exist.</param>
public sealed record InspectPlan(IReadOnlyList<InspectItem> Items, IReadOnlyList<string> Missing)
{
    /// <summary>
    /// Finds the files. A given file is taken whatever its name. From a folder and its subfolders, all <c>.avro</c> and <c>.avro.part</c>
    /// archives are taken, and each <c>.idx</c> without an archive. Links to folders are not followed. A file that a tag keeps under a
    /// second name is taken once, preferably by its name in the channel's folder.
    /// </summary>
    /// <param name="paths">Files and folders.</param>
    public static InspectPlan Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var items = new List<InspectItem>();
        var missing = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
                items.AddRange(Within(path, path).Where(item => seen.Add(Path.GetFullPath(item.Path))));
            else if (!Path.Exists(path))
                missing.Add(path);
            else if (seen.Add(Path.GetFullPath(path)))
                items.Add(new InspectItem(path, InspectItem.RoleOf(path), Path.GetFileName(path)));
        }

        return new InspectPlan(Once(items), missing);
    }

    private static List<InspectItem> Once(List<InspectItem> items)
    {
        if (items.TrueForAll(item => item.Tag is null))
            return items;
        HashSet<(ulong, uint, uint)?> taken = [.. items.Where(item => item.Tag is null).Select(item => FileKind.IdentityOf(item.Path))];
        return items.FindAll(item => item.Tag is null || FileKind.IdentityOf(item.Path) is not { } identity || taken.Add(identity));
    }

    private static IEnumerable<InspectItem> Within(string folder, string root)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()];
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return [new InspectItem(folder, FileRole.Archive, Path.GetRelativePath(root, folder)) { Trouble = e.Message }];
        }

        // Refused datagrams are not part of the channel's archive.
        entries = [.. entries.Where(entry => !FileSuffix.IsRejected(entry.Name))];
        HashSet<string> archives = [.. entries.Where(entry => InspectItem.RoleOf(entry.Name) != FileRole.Index).Select(entry => InspectItem.Stem(entry.Name)).OfType<string>()];
        return entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).SelectMany(entry => entry switch
        {
            DirectoryInfo { LinkTarget: null } => Within(Path.Combine(folder, entry.Name), root),
            FileInfo when InspectItem.Stem(entry.Name) is { } stem => Listed(Path.Combine(folder, entry.Name), root, archives.Contains(stem)),
            _ => [],
        });
    }

    private static IEnumerable<InspectItem> Listed(string path, string root, bool hasArchive)
    {
        var item = new InspectItem(path, InspectItem.RoleOf(path), Path.GetRelativePath(root, path)) { IsListed = true, LacksArchive = !hasArchive };
        return item.Role == FileRole.Index && hasArchive ? [] : [item];
    }
}
