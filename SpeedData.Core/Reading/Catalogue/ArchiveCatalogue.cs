using SpeedData.Core.Container;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>Lists the channels and files below a path. Changes nothing. Any thread.</summary>
public static class ArchiveCatalogue
{
    // A collector uses folders of the form {host}/{channel}.
    private const int MostLevels = 2;

    /// <param name="path">A file, a channel's folder or an archive root.</param>
    /// <returns>The channels, sorted by name.</returns>
    /// <exception cref="ReadingException">There is nothing readable at the path.</exception>
    public static IReadOnlyList<RecordedChannel> Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (File.Exists(path))
                return [OfFile(path)];
            if (!Directory.Exists(path))
                throw new ReadingException($"{path} does not exist; give a file, a channel's folder or an archive root");
            RecordedChannel? folder = OfFolder(path, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
            return folder is not null ? [KeptFiles.With(folder)] : KeptFiles.With(path, In(path));
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            throw new ReadingException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Lists the channels below a folder, without the files that only tags keep.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    internal static IReadOnlyList<RecordedChannel> In(string folder) => Directory.Exists(folder) ? Below(folder, "", MostLevels) : [];

    private static List<RecordedChannel> Below(string folder, string prefix, int levels)
    {
        var channels = new List<RecordedChannel>();
        foreach (string inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(inner);
            if (name.StartsWith('.'))
                continue;
            if (OfFolder(inner, prefix + name) is { } channel)
                channels.Add(channel);
            else if (levels > 1)
                channels.AddRange(Below(inner, prefix + name + "/", levels - 1));
        }

        return channels;
    }

    private static RecordedChannel? OfFolder(string folder, string name)
    {
        try
        {
            ListedFile[] files = [.. Directory.EnumerateFiles(folder).Select(ListedFile.Of).OfType<ListedFile>().OrderBy(file => file.Stem, StringComparer.Ordinal).DistinctBy(file => file.Stem)];
            return files.Length == 0 ? null : new RecordedChannel(name, folder, files);
        }
        catch (Exception e) when (OpenFile.IsMissing(e) || e is UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static RecordedChannel OfFile(string path)
    {
        ListedFile file = ListedFile.Of(path) ?? new ListedFile(path, false);
        using OpenArchive? open = OpenArchive.TryOpen(file, new SchemaCache(), out string? why);
        return open is null
            ? throw new ReadingException($"{path} cannot be read: {why}")
            : new RecordedChannel(open.Reader.Header.Text("speeddata.channel") ?? Path.GetFileName(file.Stem), Path.GetDirectoryName(Path.GetFullPath(path))!, [file]);
    }
}
