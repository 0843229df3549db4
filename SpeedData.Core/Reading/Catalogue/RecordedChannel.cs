using SpeedData.Core.Archive;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>A file of a channel as its folder lists it.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="IsPart">Whether it is not finished.</param>
public sealed record ListedFile(string Path, bool IsPart)
{
    public const string Suffix = FileSuffix.Archive, PartSuffix = FileSuffix.Part, IndexSuffix = FileSuffix.Index;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Where a tag keeps the same file, should it be gone here; null for nowhere.</summary>
    public string? KeptPath { get; init; }

    /// <summary>Where its index lies, if it has one.</summary>
    public string IndexPath => Stem + IndexSuffix;

    /// <summary>The same file once it is finished.</summary>
    internal ListedFile Finished => new(Stem + Suffix, false) { KeptPath = KeptPath };

    /// <summary>The same file as a tag keeps it; null where none does.</summary>
    internal ListedFile? Kept => KeptPath is null ? null : new ListedFile(KeptPath, false);

    internal string Stem => Path.EndsWith(PartSuffix, StringComparison.Ordinal) ? Path[..^PartSuffix.Length]
        : Path.EndsWith(Suffix, StringComparison.Ordinal) ? Path[..^Suffix.Length]
        : Path;

    /// <returns>Null for a file that is no archive by its name, such as one of refused datagrams.</returns>
    internal static ListedFile? Of(string path) =>
        FileSuffix.IsRejected(path) ? null
        : path.EndsWith(PartSuffix, StringComparison.Ordinal) ? new ListedFile(path, true)
        : path.EndsWith(Suffix, StringComparison.Ordinal) ? new ListedFile(path, false)
        : null;
}

/// <summary>A channel that was recorded.</summary>
/// <param name="Name">Its name: that of its folder.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Files">By name, and so by age.</param>
public sealed record RecordedChannel(string Name, string Folder, IReadOnlyList<ListedFile> Files);
