using SpeedData.Core.Container;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Export;

/// <summary>
/// A file that is complete or absent. It is written as <c>NAME.xxxxxxxx.tmp</c> and renamed at the end. The next export deletes the
/// temporary files of killed exports. <c>-</c> is standard output.
/// </summary>
public sealed class OutputFile : IDisposable
{
    public const string Standard = "-";

    private const string TemporarySuffix = ".tmp";

    // A new temporary file exists for a moment before it is locked.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly string? _path;
    private readonly string? _temporary;
    private readonly bool _force;
    private bool _isKept;

    private OutputFile(Stream stream, string? path, string? temporary, bool force) => (Stream, _path, _temporary, _force) = (stream, path, temporary, force);

    public Stream Stream { get; }

    /// <exception cref="ReadingException">The file exists already, or cannot be created.</exception>
    public static OutputFile Create(string path, bool force, Stream standard)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path == Standard)
            return new OutputFile(new OutputStream(standard, "standard output"), null, null, false);
        if (Directory.Exists(path))
            throw new ReadingException($"{path} is a folder; name a file in it") { IsOfOutput = true };
        if (FileKind.IsSpecial(path))
            throw new ReadingException($"{path} is not a regular file and would be replaced by one; name another file, or use --output - > {path}") { IsOfOutput = true };
        if (!force && File.Exists(path))
            throw new ReadingException($"{path} exists already; --force overwrites it") { IsOfOutput = true };
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Guid.NewGuid().ToString("N")[..8]}{TemporarySuffix}";
        try
        {
            DeleteAbandoned(full);
            // The process that writes the file holds its lock.
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            return new OutputFile(new OutputStream(file, path), full, temporary, force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReadingException($"{path} cannot be written: {e.Message}", e) { IsOfOutput = true };
        }
    }

    /// <exception cref="ReadingException">The output is one of the input files.</exception>
    public static void Demand(string path, IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (path != Standard && File.Exists(path) && inputs.FirstOrDefault(input => FileKind.AreOne(input, path)) is { } same)
            throw new ReadingException($"{path} is the input file {same}: the export would replace the recording; name another file") { IsOfOutput = true };
    }

    /// <summary>Gives the finished file its name.</summary>
    /// <exception cref="ReadingException">The file cannot be renamed.</exception>
    public void Keep()
    {
        Stream.Flush();
        if (_temporary is null)
            return;
        Stream.Dispose();
        try
        {
            File.Move(_temporary, _path!, _force);
            _isKept = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReadingException($"{_path} cannot be written: {e.Message}", e) { IsOfOutput = true };
        }
    }

    public void Dispose()
    {
        if (_temporary is null || _isKept)
            return;
        Stream.Dispose();
        File.Delete(_temporary);
    }

    private static void DeleteAbandoned(string path)
    {
        string name = Path.GetFileName(path);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Where(file => IsTemporary(Path.GetFileName(file), name)))
        {
            try
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < Fresh)
                    continue;
                using var free = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process is writing the file, or it belongs to another user.
            }
        }
    }

    private static bool IsTemporary(string file, string name) =>
        file.Length == name.Length + 9 + TemporarySuffix.Length && file.StartsWith(name + ".", StringComparison.Ordinal) && file.EndsWith(TemporarySuffix, StringComparison.Ordinal);
}
