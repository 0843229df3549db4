using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Tags;

/// <summary>
/// Records what retention deleted: <c>.deleted</c> in a channel's folder has a line for each file. Without it, a tag that is created later
/// could not report which files of its range are missing. A file that still exists is not reported. One thread at a time.
/// </summary>
/// <param name="root">The archive root.</param>
/// <param name="files">File operations.</param>
internal sealed class DeletedFiles(string root, IArchiveFiles files)
{
    public const string FileName = ".deleted";

    // About 700 lines. Then the older half is merged into one line.
    private const int MostBytes = 64 << 10;

    private readonly Dictionary<string, (long Bytes, DateTime At, DeletedFile[] Files)> _read = new(StringComparer.Ordinal);

    /// <summary>Returns the deleted files in order of deletion.</summary>
    public IReadOnlyList<DeletedFile> Of(string channel)
    {
        var file = new FileInfo(PathOf(channel));
        if (!file.Exists)
            return [];
        if (!_read.TryGetValue(channel, out (long Bytes, DateTime At, DeletedFile[] Files) known) || (known.Bytes, known.At) != (file.Length, file.LastWriteTimeUtc))
            _read[channel] = known = (file.Length, file.LastWriteTimeUtc, Read(file.FullName));
        return [.. known.Files.Where(deleted => !File.Exists(Path.Combine(root, channel, deleted.FileName)))];
    }

    /// <summary>The channels with deleted files.</summary>
    /// <remarks>A collector uses folders of the form {host}/{channel}.</remarks>
    /// <exception cref="IOException">The folders cannot be listed.</exception>
    public IEnumerable<string> Channels => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root).SelectMany(folder => Directory.EnumerateDirectories(folder).Prepend(folder))
            .Where(folder => File.Exists(Path.Combine(folder, FileName))).Select(folder => Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/'))
        : [];

    /// <summary>Records a file that will be or was deleted.</summary>
    /// <returns>Whether the record was written.</returns>
    public bool Add(string channel, DeletedFile deleted)
    {
        string path = PathOf(channel);
        // The leading line feed ends a previous line that is incomplete.
        byte[] line = Encoding.UTF8.GetBytes('\n' + deleted.Line);
        if (files.Open(path, out SafeFileHandle? file) != 0 && files.Create(path, out file) != 0)
            return false;
        using (file)
        {
            long end = RandomAccess.GetLength(file!);
            if (end + line.Length <= MostBytes)
                return files.Write(file!, end, new WritePieces(line, default, default, default)).IsWhole(line.Length);
        }

        DeletedFile[] all = [.. Read(path), deleted];
        return Replace(path, [Joined(all[..(all.Length / 2)]), .. all[(all.Length / 2)..]]);
    }

    private static DeletedFile Joined(DeletedFile[] old) =>
        new(old[^1].FileName, old.Min(file => file.FirstNs), old.Max(file => file.LastNs), old.Sum(file => file.Files));

    private static DeletedFile[] Read(string path)
    {
        try
        {
            using SafeFileHandle file = OpenFile.Open(path, out IByteSource source);
            byte[] bytes = new byte[Math.Min(source.Length, 2 * MostBytes)];
            int read = RandomAccess.Read(file, bytes, 0);
            return [.. Encoding.UTF8.GetString(bytes, 0, read).Split('\n').Select(DeletedFile.Parse).OfType<DeletedFile>().DistinctBy(deleted => deleted.FileName)];
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return [];
        }
    }

    private bool Replace(string path, IEnumerable<DeletedFile> lines)
    {
        string made = path + FileSuffix.New;
        files.Delete(made);
        if (files.Create(made, out SafeFileHandle? file) != 0)
            return false;
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => '\n' + line.Line)));
        bool isWhole;
        using (file)
            isWhole = files.Write(file!, 0, new WritePieces(bytes, default, default, default)).IsWhole(bytes.Length);
        if (isWhole && files.Replace(made, path) == 0)
            return true;
        files.Delete(made);
        return false;
    }

    private string PathOf(string channel) => Path.Combine(root, channel, FileName);
}

/// <summary>An archive that retention deleted, or several archives under the name of the latest.</summary>
/// <param name="FileName">Name of the archive.</param>
/// <param name="FirstNs">Time of receipt of the first record, as Unix time in ns.</param>
/// <param name="LastNs">Time of receipt of the last record.</param>
/// <param name="Files">Number of archives.</param>
internal sealed record DeletedFile(string FileName, long FirstNs, long LastNs, long Files)
{
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{FileName} {FirstNs} {LastNs} {Files}");

    public string Why => Files == 1 ? "retention deleted it" : $"retention deleted it and {Files - 1:N0} earlier files of about this time";

    public static DeletedFile? Parse(string line) =>
        line.Split(' ') is [var name, var first, var last, var files] && long.TryParse(first, CultureInfo.InvariantCulture, out long from) && long.TryParse(last, CultureInfo.InvariantCulture, out long to) && long.TryParse(files, CultureInfo.InvariantCulture, out long count)
            ? new DeletedFile(name, from, to, count)
            : null;
}
