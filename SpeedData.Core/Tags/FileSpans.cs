using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Tags;

/// <summary>
/// Returns the receive times of finished archives, each read only once. Without times in the index, the file's name and its last write are
/// used. One thread at a time.
/// </summary>
internal sealed class FileSpans
{
    // Enough for a day with one-minute files of ten channels.
    private const int Most = 20_000;

    private readonly SchemaCache _schemas = new();
    private readonly Dictionary<string, (long First, long Last)> _known = new(StringComparer.Ordinal);

    /// <returns>Null if the file does not exist. A last time before the first means that nothing is known.</returns>
    public (long First, long Last)? Of(string path)
    {
        if (_known.TryGetValue(path, out (long First, long Last) known))
            return known;
        if (Read(path) is not { } span)
            return null;
        if (_known.Count >= Most)
            _known.Clear();
        return _known[path] = span;
    }

    /// <summary>
    /// Whether a file cannot have records of a range, by its name and its last write. A cheap test without false positives.
    /// </summary>
    public static bool IsBeyond(Tag tag, long nameNs, long modifiedNs, long? nextNameNs) =>
        (nameNs >= tag.ToNs && modifiedNs >= tag.ToNs) || (nextNameNs < tag.FromNs && modifiedNs < tag.FromNs);

    private (long First, long Last)? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            FileHead? head = FileHead.Read(new ListedFile(path, false), _schemas);
            if (head is null || !file.Exists)
                return null;
            long modified = TimeText.NsOf(file.LastWriteTimeUtc);
            long named = NameNs(path) ?? long.MinValue;
            long first = head.ReceivedFirstNs ?? named;
            return (first, head is { IsIndexed: true, ReceivedLastNs: { } last } ? last : Math.Max(modified, head.ReceivedLastNs ?? long.MinValue));
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return null;
        }
    }

    /// <summary>Returns the time in an archive's name; null for none.</summary>
    public static long? NameNs(string path)
    {
        string name = Path.GetFileName(path);
        int dash = name.LastIndexOf('-');
        return dash > 0 && ArchiveName.TryParse(name, name[..dash], out ArchiveName parsed, out _) ? parsed.Microseconds * 1000 : null;
    }
}
