using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading;

/// <summary>The files of a channel that may overlap a time range. One thread.</summary>
public sealed class ChannelSelection
{
    private IReadOnlyList<FileHead>? _shapeOf;

    private ChannelSelection(string name, TimeRange range, IReadOnlyList<FileHead> files, SchemaCache schemas, IReadOnlyList<string> notes)
    {
        (Name, Range, Files, Schemas, Notes) = (name, range, files, schemas, notes);
    }

    public string Name { get; }

    public TimeRange Range { get; }

    /// <summary>The files in time order.</summary>
    public IReadOnlyList<FileHead> Files { get; }

    /// <summary>Notes for the user: files without receive times, files left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether no file has receive times, so that the range refers to device time.</summary>
    public bool HasDeviceTimesOnly => Files.Any(file => !file.HasNoBlock) && Files.All(file => file.HasNoBlock || file.ReceivedFirstNs is null);

    /// <summary>Total size of the files in bytes.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    internal SchemaCache Schemas { get; }

    /// <summary>The part of the files to read.</summary>
    internal ByteRange Part { get; private init; } = ByteRange.All;

    /// <summary>Number of bytes of a file to read at a time.</summary>
    internal int Window { get; private init; } = ContainerReader.UsualWindow;

    /// <summary>Selects a range of several channels. If it overlaps no file, the result has their columns and no rows.</summary>
    public static ChannelSelection[] Of(IReadOnlyList<RecordedChannel> channels, TimeRange range)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ChannelSelection[] chosen = [.. channels.Select(channel => Of(channel, range))];
        return chosen.All(channel => channel.Files.Count == 0) ? [.. channels.Select(channel => Of(channel, default).Nothing(range))] : chosen;
    }

    /// <param name="channel">The channel.</param>
    /// <param name="range">The time range.</param>
    /// <exception cref="ReadingException">The times of a file cannot be read.</exception>
    public static ChannelSelection Of(RecordedChannel channel, TimeRange range)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var schemas = new SchemaCache();
        var notes = new List<string>();
        var files = new List<FileHead>();
        foreach (FileHead head in HeadsOf(channel, schemas))
        {
            if (head.Layout is null)
                notes.Add(head.IsEmptyPart ? "" : $"{head.File.Path} was left out: {head.Fault}");
            else if (head.MayMeet(range))
                files.Add(head);
        }

        notes.RemoveAll(note => note.Length == 0);
        AddClockNotes(files, range, notes);
        return new ChannelSelection(channel.Name, range, files, schemas, notes);
    }

    /// <summary>Selects one file.</summary>
    internal static ChannelSelection Of(FileHead file, TimeRange range, ByteRange part, int window = ContainerReader.UsualWindow, SchemaCache? schemas = null) =>
        new(file.File.Name, range, [file], schemas ?? new SchemaCache(), []) { Part = part, Window = window };

    /// <summary>Reads the heads of a channel's files. Files that no longer exist are left out.</summary>
    public static IReadOnlyList<FileHead> HeadsOf(RecordedChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return HeadsOf(channel, new SchemaCache());
    }

    private static List<FileHead> HeadsOf(RecordedChannel channel, SchemaCache schemas) => [.. channel.Files.Select(file => FileHead.Read(file, schemas)).OfType<FileHead>()];

    /// <summary>Returns the selection with fewer files.</summary>
    internal ChannelSelection Only(Func<FileHead, bool> isWanted) => new(Name, Range, [.. Files.Where(isWanted)], Schemas, Notes) { Part = Part };

    /// <summary>
    /// Returns selections whose files follow one another in time: one per schema if the channel has several, else this one.
    /// </summary>
    internal IReadOnlyList<ChannelSelection> Tracks()
    {
        string?[] tracks = [.. Files.Select(TrackOf).Distinct()];
        return tracks.Length < 2 ? [this] : [.. tracks.Select(track => Only(file => TrackOf(file) == track))];

        static string? TrackOf(FileHead file) => file.IsAlternative ? file.Schema : null;
    }

    /// <summary>Returns a selection with the same columns and no rows.</summary>
    private ChannelSelection Nothing(TimeRange range) => new(Name, range, [], Schemas, Notes) { _shapeOf = Files };

    /// <summary>Combines the columns of several selections.</summary>
    /// <exception cref="ReadingException">The schemas of the files cannot be joined.</exception>
    public static TableShape Shape(IReadOnlyList<ChannelSelection> channels, FieldChoice choice)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return MergedSignal.Join([.. channels.SelectMany(channel => channel.SchemaHeads())], choice, hasChannel: channels.Count > 1);
    }

    /// <summary>The schema texts in the order of their first use.</summary>
    internal IReadOnlyList<string> SchemaTexts => [.. (_shapeOf ?? Files).Select(file => file.Schema!).Distinct(StringComparer.Ordinal)];

    /// <summary>Returns the first file of each schema.</summary>
    internal IReadOnlyList<FileHead> SchemaHeads()
    {
        var seen = new HashSet<RecordLayout>(ReferenceEqualityComparer.Instance);
        return [.. (_shapeOf ?? Files).Where(file => seen.Add(file.Layout!))];
    }

    private static void AddClockNotes(List<FileHead> files, TimeRange range, List<string> notes)
    {
        if (range.IsOpen)
            return;
        FileHead[] unknown = [.. files.Where(file => !file.HasNoBlock && (range.Clock == RangeClock.Device || file.ReceivedFirstNs is null))];
        foreach (FileHead file in unknown)
        {
            if (file.Time is null)
                throw new ReadingException($"{file.File.Path} has no {(range.Clock == RangeClock.Device ? "time field" : "receive times and no time field")}, so a time range cannot be read from it; leave out the range, or choose other files");
        }

        FileHead[] without = [.. unknown.Where(_ => range.Clock == RangeClock.Received)];
        if (without.Length > 0)
            notes.Add($"{without[0].File.Path}{(without.Length > 1 ? $" and {without.Length - 1:N0} more" : "")}: no receive times; the range was applied to device time");
    }
}
