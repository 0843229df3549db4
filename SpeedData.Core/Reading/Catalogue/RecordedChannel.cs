using SpeedData.Core.Archive;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>A file of a channel as listed in its folder.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="IsPart">Whether the file is unfinished.</param>
public sealed record ListedFile(string Path, bool IsPart)
{
    public const string Suffix = FileSuffix.Archive, PartSuffix = FileSuffix.Part, IndexSuffix = FileSuffix.Index;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The path under which a tag keeps the file, if it is deleted here; null for none.</summary>
    public string? KeptPath { get; init; }

    /// <summary>The path of the file's index, if it has one.</summary>
    public string IndexPath => Stem + IndexSuffix;

    /// <summary>The same file under its name after completion.</summary>
    internal ListedFile Finished => new(Stem + Suffix, false) { KeptPath = KeptPath };

    /// <summary>The same file under the path of a tag; null if no tag keeps it.</summary>
    internal ListedFile? Kept => KeptPath is null ? null : new ListedFile(KeptPath, false);

    internal string Stem => Path.EndsWith(PartSuffix, StringComparison.Ordinal) ? Path[..^PartSuffix.Length]
        : Path.EndsWith(Suffix, StringComparison.Ordinal) ? Path[..^Suffix.Length]
        : Path;

    /// <returns>Null for a file whose name is not that of an archive, such as a file of refused datagrams.</returns>
    internal static ListedFile? Of(string path) =>
        FileSuffix.IsRejected(path) ? null
        : path.EndsWith(PartSuffix, StringComparison.Ordinal) ? new ListedFile(path, true)
        : path.EndsWith(Suffix, StringComparison.Ordinal) ? new ListedFile(path, false)
        : null;
}

/// <summary>A channel that was recorded.</summary>
/// <param name="Name">The channel's name, which is that of its folder.</param>
/// <param name="Folder">The channel's folder.</param>
/// <param name="Files">The files sorted by name, and thus by age.</param>
public sealed record RecordedChannel(string Name, string Folder, IReadOnlyList<ListedFile> Files);
