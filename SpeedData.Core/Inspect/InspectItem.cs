using SpeedData.Core.Archive;

namespace SpeedData.Core.Inspect;

/// <summary>A file to check or repair.</summary>
/// <param name="Path">As it was given, or as it was found in a folder that was given.</param>
/// <param name="Role">What it is by its name.</param>
/// <param name="Relative">Its path from the folder that was given; its name where it was given itself.</param>
public sealed record InspectItem(string Path, FileRole Role, string Relative)
{
    /// <summary>Whether it was found in a folder, and may be gone by now.</summary>
    public bool IsListed { get; init; }

    /// <summary>Whether it is an index in a folder without its archive.</summary>
    public bool LacksArchive { get; init; }

    /// <summary>Why it cannot be checked (a folder that cannot be read); null for all others.</summary>
    public string? Trouble { get; init; }

    /// <summary>Where a tag keeps it; null for a file that lies elsewhere.</summary>
    public TagPlace? Tag => TagFolders.PlaceOf(Path);

    /// <summary>The folder it lies in.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "/";

    /// <summary>The path of its index; null if its name is not that of an archive.</summary>
    public string? IndexPath => Stem(Path) is { } stem && Role != FileRole.Index ? stem + FileSuffix.Index : null;

    /// <summary>The name that a part file has when it is finished.</summary>
    internal InspectItem Finished => this with { Path = Path[..^FileSuffix.Part.Length] + FileSuffix.Archive, Role = FileRole.Archive };

    public static FileRole RoleOf(string path) =>
        path.EndsWith(FileSuffix.Part, StringComparison.Ordinal) ? FileRole.Part
        : path.EndsWith(FileSuffix.Index, StringComparison.Ordinal) ? FileRole.Index
        : FileRole.Archive;

    /// <summary>A path without the suffix of an archive or index; null if it has none.</summary>
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
