namespace SpeedData.Core.Archive;

/// <summary>
/// The folders of tags. <c>{root}/.tags/{tag}/tag.json</c> describes a tag, and <c>{root}/.tags/{tag}/{channel}/</c> has the
/// archives that it keeps.
/// </summary>
public static class TagFolders
{
    public const string Name = ".tags";

    /// <summary>The file that makes a folder a tag.</summary>
    public const string Definition = "tag.json";

    /// <summary>The prefix of a tag's folder while its contents are deleted.</summary>
    public const string RemovedPrefix = ".removed-";

    public static string Below(string root) => Path.Combine(root, Name);

    public static string Of(string root, string tag) => Path.Combine(root, Name, tag);

    public static string Of(string root, string tag, string channel) => Path.Combine(root, Name, tag, channel);

    /// <summary>Returns the folders of the tags, by name.</summary>
    /// <exception cref="IOException">The folders cannot be listed.</exception>
    public static IReadOnlyList<string> All(string root)
    {
        string below = Below(root);
        return Directory.Exists(below)
            ? [.. Directory.EnumerateDirectories(below).Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Returns the place of a path within a tag's folder; null if it is not in one.</summary>
    public static TagPlace? PlaceOf(string path)
    {
        string full = Path.GetFullPath(path);
        string marker = $"{Path.DirectorySeparatorChar}{Name}{Path.DirectorySeparatorChar}";
        int at = full.LastIndexOf(marker, StringComparison.Ordinal);
        return at < 0 || full[(at + marker.Length)..].Split(Path.DirectorySeparatorChar, 2) is not [var tag, var inner] ? null : new TagPlace(tag, Path.Combine(full[..at], inner));
    }

    /// <summary>Returns the archive root of a path: the path itself or a folder above it that has tags; null if there is none.</summary>
    public static string? RootOf(string path)
    {
        for (string? at = Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(Below(at)))
                return at;
        }

        return null;
    }
}

/// <summary>A file in a tag's folder.</summary>
/// <param name="Tag">The tag's name.</param>
/// <param name="Original">The path that the file has, or had, in the channel's folder.</param>
public sealed record TagPlace(string Tag, string Original);
