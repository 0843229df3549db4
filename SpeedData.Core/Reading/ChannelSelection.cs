using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading;

/// <summary>The files of a channel that a range may meet. One thread.</summary>
public sealed class ChannelSelection
{
    private IReadOnlyList<FileHead>? _shapeOf;

    private ChannelSelection(string name, TimeRange range, IReadOnlyList<FileHead> files, SchemaCache schemas, IReadOnlyList<string> notes)
    {
        (Name, Range, Files, Schemas, Notes) = (name, range, files, schemas, notes);
    }

    public string Name { get; }

    public TimeRange Range { get; }

    /// <summary>In their order.</summary>
    public IReadOnlyList<FileHead> Files { get; }

    /// <summary>What the reader should know: files without receive times, files left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether no file has receive times, so that the range is one of device time.</summary>
    public bool HasDeviceTimesOnly => Files.Any(file => !file.HasNoBlock) && Files.All(file => file.HasNoBlock || file.ReceivedFirstNs is null);

    /// <summary>Bytes of the files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    internal SchemaCache Schemas { get; }

    /// <summary>Which part of its files.</summary>
    internal ByteRange Part { get; private init; } = ByteRange.All;

    /// <summary>Bytes of a file that are read at a time.</summary>
    internal int Window { get; private init; } = ContainerReader.UsualWindow;

    /// <summary>Several channels; where the range meets none of their files, their columns and no rows.</summary>
    public static ChannelSelection[] Of(IReadOnlyList<RecordedChannel> channels, TimeRange range)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ChannelSelection[] chosen = [.. channels.Select(channel => Of(channel, range))];
        return chosen.All(channel => channel.Files.Count == 0) ? [.. channels.Select(channel => Of(channel, default).Nothing(range))] : chosen;
    }

    /// <param name="channel">What was recorded.</param>
    /// <param name="range">Which part of it.</param>
    /// <exception cref="ReadingException">A file's times cannot be read.</exception>
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

    /// <summary>One file.</summary>
    internal static ChannelSelection Of(FileHead file, TimeRange range, ByteRange part, int window = ContainerReader.UsualWindow, SchemaCache? schemas = null) =>
        new(file.File.Name, range, [file], schemas ?? new SchemaCache(), []) { Part = part, Window = window };

    /// <summary>What the files of a channel say of themselves; those that are gone are left out.</summary>
    public static IReadOnlyList<FileHead> HeadsOf(RecordedChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return HeadsOf(channel, new SchemaCache());
    }

    private static List<FileHead> HeadsOf(RecordedChannel channel, SchemaCache schemas) => [.. channel.Files.Select(file => FileHead.Read(file, schemas)).OfType<FileHead>()];

    /// <summary>The same with fewer files.</summary>
    internal ChannelSelection Only(Func<FileHead, bool> isWanted) => new(Name, Range, [.. Files.Where(isWanted)], Schemas, Notes) { Part = Part };

    /// <summary>Selections of files that follow one another in time: one for each schema of a channel with several, else this one.</summary>
    internal IReadOnlyList<ChannelSelection> Tracks()
    {
        string?[] tracks = [.. Files.Select(TrackOf).Distinct()];
        return tracks.Length < 2 ? [this] : [.. tracks.Select(track => Only(file => TrackOf(file) == track))];

        static string? TrackOf(FileHead file) => file.IsAlternative ? file.Schema : null;
    }

    /// <summary>The same columns and no rows.</summary>
    private ChannelSelection Nothing(TimeRange range) => new(Name, range, [], Schemas, Notes) { _shapeOf = Files };

    /// <summary>The columns of selections together.</summary>
    /// <exception cref="ReadingException">The files' schemas cannot be joined.</exception>
    public static TableShape Shape(IReadOnlyList<ChannelSelection> channels, FieldChoice choice)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return MergedSignal.Join([.. channels.SelectMany(channel => channel.SchemaHeads())], choice, hasChannel: channels.Count > 1);
    }

    /// <summary>The texts of the schemas, in the order in which they come.</summary>
    internal IReadOnlyList<string> SchemaTexts => [.. (_shapeOf ?? Files).Select(file => file.Schema!).Distinct(StringComparer.Ordinal)];

    /// <summary>The first file of each schema.</summary>
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
                throw new ReadingException($"{file.File.Path} has no {(range.Clock == RangeClock.Device ? "time field" : "receive times and no time field")}, so that a range cannot be cut out of it; leave the range out, or name other files");
        }

        FileHead[] without = [.. unknown.Where(_ => range.Clock == RangeClock.Received)];
        if (without.Length > 0)
            notes.Add($"{without[0].File.Path}{(without.Length > 1 ? $" and {without.Length - 1:N0} more" : "")}: no receive times; the range was taken by device time");
    }
}
