using SpeedData.Core.Archive;

namespace SpeedData.Core.Inspect;

/// <summary>A file to verify or repair.</summary>
/// <param name="Path">The path as given, or as found in a given folder.</param>
/// <param name="Role">The role of the file, by its name.</param>
/// <param name="Relative">The path relative to the given folder; the file name if the file itself was given.</param>
public sealed record InspectItem(string Path, FileRole Role, string Relative)
{
    /// <summary>Whether the file was found in a folder and may be deleted meanwhile.</summary>
    public bool IsListed { get; init; }

    /// <summary>Whether the file is an index whose folder lacks the archive.</summary>
    public bool LacksArchive { get; init; }

    /// <summary>Why the item cannot be checked (a folder that cannot be read); null otherwise.</summary>
    public string? Trouble { get; init; }

    /// <summary>The tag that keeps the file; null if no tag does.</summary>
    public TagPlace? Tag => TagFolders.PlaceOf(Path);

    /// <summary>The folder of the file.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "/";

    /// <summary>The path of the file's index; null if its name is not that of an archive.</summary>
    public string? IndexPath => Stem(Path) is { } stem && Role != FileRole.Index ? stem + FileSuffix.Index : null;

    /// <summary>The part file under its name after completion.</summary>
    internal InspectItem Finished => this with { Path = Path[..^FileSuffix.Part.Length] + FileSuffix.Archive, Role = FileRole.Archive };

    public static FileRole RoleOf(string path) =>
        path.EndsWith(FileSuffix.Part, StringComparison.Ordinal) ? FileRole.Part
        : path.EndsWith(FileSuffix.Index, StringComparison.Ordinal) ? FileRole.Index
        : FileRole.Archive;

    /// <summary>Returns a path without the suffix of an archive or index; null if it has neither.</summary>
    internal static string? Stem(string path)
    {
        foreach (string suffix in (string[])[FileSuffix.Part, FileSuffix.Archive, FileSuffix.Index])
        {
            if (path.EndsWith(suffix, StringComparison.Ordinal))
                return path[..^suffix.Length];
        }

        return null;
    }
}
