using SpeedData.Core.Export;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Tags;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>Runs the command export.</summary>
internal sealed class ExportRun(ExportArguments arguments, ApplicationEnvironment environment, CancellationToken stop)
{
    private readonly FieldChoice _fields = new(arguments.Fields) { ArrayColumns = ArrayChoice.Of(arguments.ArrayColumns), CutsArrays = arguments.Lossy };

    /// <returns>The exit code.</returns>
    public static int Run(ExportArguments arguments, ApplicationEnvironment environment, CancellationToken stop) =>
        ReadingFaults.Told(environment, () => new ExportRun(arguments, environment, stop).Run());

    private int Run()
    {
        IReadOnlyList<RecordedChannel> root = Root();
        IReadOnlyList<RecordedChannel> chosen = ReadPlace.Choose(root, arguments.Channels.Count == 0 && arguments.Range.Tag is { } tagged && TagsAt.Find(root, tagged) is { } tag ? tag.Channels : arguments.Channels);
        ExportFormat format = Format();
        if (format == ExportFormat.Hdf5 && arguments.Output == OutputFile.Standard)
            throw new ReadingException("--output -: hdf5 cannot be written to standard output, since the format needs a file that allows seeking; name a file");
        TimeRange range = RangeChoice.Of(arguments.Range, root, RunPauses.Of(arguments.Range.Pauses, arguments.Place, environment.Error), environment.Time.GetUtcNow(), environment.Time.LocalTimeZone, stop);
        ChannelSelection[] channels = ChannelSelection.Of(chosen, range);
        Tell(RangeChoice.Text(range, channels));
        foreach (string note in channels.SelectMany(channel => channel.Notes))
            Tell(note);
        long? align = arguments.Align is { } period ? MomentText.Span("--align", period) : null;
        if ((arguments.Every > 1 ? 1 : 0) + (arguments.MaxPoints is null ? 0 : 1) + (align is null ? 0 : 1) > 1)
            throw new ReadingException("--every, --max-points and --align exclude each other; give one of them");
        if (format == ExportFormat.Avro && (arguments.MaxPoints ?? align) is not null)
            throw new ReadingException("--format avro: avro keeps the records unchanged; leave out --max-points and --align");
        if (arguments.KeepsNs && format != ExportFormat.Parquet)
            throw new ReadingException($"--time-unit ns: only parquet has this option; {format.ToString().ToLowerInvariant()} always keeps nanoseconds");
        if (arguments.ArrayColumns.Count > 0 && format == ExportFormat.Avro)
            throw new ReadingException("--array-columns: avro keeps the records unchanged");
        var options = new ExportOptions(format, arguments.Every, arguments.MaxPoints, align, arguments.Lossy, arguments.KeepsNs) { Notes = TagNotes.Of(TagsOf(range, chosen)) };
        return IsFolder() ? EachAlone(channels, options) : Together(channels, options);
    }

    private IReadOnlyList<RecordedChannel> Root()
    {
        if (arguments.Also.Count == 0)
            return ReadPlace.Find(arguments.Place);
        IEnumerable<RecordedChannel> recorded = Directory.Exists(arguments.Place.Path) ? ReadPlace.Find(arguments.Place) : [];
        IEnumerable<RecordedChannel> others = arguments.Also.SelectMany(ArchiveCatalogue.Find).GroupBy(channel => channel.Name).Select(same => same.First() with { Files = [.. same.SelectMany(channel => channel.Files)] });
        return [.. recorded, .. others];
    }

    /// <summary>Returns the requested tag, else all tags that overlap the range.</summary>
    private Tag[] TagsOf(TimeRange range, IReadOnlyList<RecordedChannel> chosen) => arguments.Range.Tag is { } name
        ? [TagsAt.Find(chosen, name)!]
        : [.. TagsAt.All(chosen).Where(tag => tag.Meets(range.FromNs ?? long.MinValue, range.ToNs - 1 ?? long.MaxValue) && chosen.Any(channel => tag.Wants(channel.Name)))];

    private ExportFormat Format() => arguments.Format is { } text
        ? ExportFormats.Parse(text) ?? throw new ReadingException($"--format {text}: {ExportFormats.Names} is right")
        : ExportFormats.OfPath(arguments.Output) ?? throw new ReadingException($"--format is needed, since the output's name has no known extension; use {ExportFormats.Names}");

    private bool IsFolder() => arguments.Output != OutputFile.Standard && (Directory.Exists(arguments.Output) || arguments.Output.EndsWith('/'));

    private int EachAlone(ChannelSelection[] channels, ExportOptions options)
    {
        CreateFolder();
        foreach (ChannelSelection channel in channels)
            Write([channel], options, Path.Combine(arguments.Output, channel.Name.Replace('/', '_')));
        return ExitCode.Ok;
    }

    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(arguments.Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReadingException($"{arguments.Output} cannot be created: {e.Message}", e) { IsOfOutput = true };
        }
    }

    private int Together(ChannelSelection[] channels, ExportOptions options)
    {
        if (options.Format == ExportFormat.Avro && (channels.Length > 1 || new AvroCopy(channels[0], 1, stop).Schemas.Count > 1))
            throw new ReadingException($"--format avro: there is one file for each channel and schema; {(arguments.Output == OutputFile.Standard ? "choose one channel, and a range with one schema" : $"name a folder, as in --output {arguments.Output}.d/")}");
        Write(channels, options, null);
        return ExitCode.Ok;
    }

    private void Write(ChannelSelection[] channels, ExportOptions options, string? stem)
    {
        if (options.Format == ExportFormat.Avro)
        {
            var schemas = new AvroCopy(channels[0], options.Every, stop).Schemas;
            for (int i = 0; i < schemas.Count; i++)
            {
                string schema = schemas[i];
                string? path = stem is null ? null : $"{stem}{(schemas.Count > 1 ? $"-{i + 1}" : "")}{options.Format.Extension()}";
                WriteTo(path, channels, (output, progress, stopped) => new AvroCopy(channels[0], options.Every, stopped).Run(schema, output, progress));
            }

            return;
        }

        TableShape shape = ChannelSelection.Shape(channels, _fields);
        foreach (string signal in shape.Renamed)
            Tell($"signal '{signal}' is written as '{shape.NameOf(signal)}', since its name is already used");
        WriteTo(stem is null ? null : stem + options.Format.Extension(), channels, (output, progress, stopped) => TableExport.Run(channels, _fields, options, output, progress, stopped));
    }

    private void WriteTo(string? path, ChannelSelection[] channels, Func<Stream, Action<long, long>, CancellationToken, ExportResult> write)
    {
        OutputFile.Demand(path ?? arguments.Output, channels.SelectMany(channel => channel.Files).SelectMany(head => (string[])[head.File.Path, head.File.IndexPath]));
        using OutputFile output = OutputFile.Create(path ?? arguments.Output, arguments.Force, environment.Binary());
        using var progress = new ExportProgress(environment, channels.Sum(channel => channel.Bytes));
        using var held = new HeldFiles(channels, stop);
        ExportResult result = held.Reading(stopped => write(output.Stream, progress.At, stopped));
        output.Keep();
        progress.Dispose();
        Tell($"{result.Rows:N0} {(result.Rows == 1 ? "row" : "rows")}{(path is null ? "" : $" in {path}")}");
        if (result.Damaged > 0)
            Tell($"{result.Damaged:N0} damaged {(result.Damaged == 1 ? "block was" : "blocks were")} left out; verify says where");
    }

    private void Tell(string line) => PlainText.Write(environment.Error, [line]);
}
