using System.Text.Json;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Reading;
using SpeedData.Core.Tags;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Tags;

/// <summary>Runs the command tag.</summary>
internal sealed class TagRun(TagArguments arguments, ApplicationEnvironment environment, CancellationToken stop)
{
    private readonly string _root = RootOf(arguments.Place);

    /// <returns>The exit code.</returns>
    public static int Run(TagArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        try
        {
            return new TagRun(arguments, environment, stop).Run();
        }
        catch (LastCopyException e)
        {
            return Tell(environment, ExitCode.Refused, e.Message);
        }
        catch (TagException e)
        {
            return Tell(environment, CodeOf(e.Fault), e.Message);
        }
    });

    private int Run()
    {
        var desk = TagDesk.Of(_root, ReadPlace.TagLimitOf(arguments.Place), environment.Time);
        Show(arguments.Action switch
        {
            TagAction.Start => [desk.Add(New(desk, desk.NowNs - (arguments.Before is { } span ? MomentText.Span("--before", span) : 0), null))],
            TagAction.Stop => [desk.Stop(arguments.Name, Moment(desk, "--at"))],
            TagAction.Mark => desk.Mark(arguments.Name, new TagMark(Moment(desk, "--at"), arguments.Text!)),
            TagAction.Add => [desk.Add(Ranged(desk))],
            TagAction.Edit => [Edit(desk)],
            TagAction.Remove => [desk.Remove(arguments.Name!, arguments.DeleteData)],
            _ => [.. desk.List().Where(report => arguments.Labels.Select(TagRules.Label).All(label => report.Tag.Labels.TryGetValue(label.Key, out string? value) && value == label.Value))],
        });
        return ExitCode.Ok;
    }

    private TagReport Edit(TagDesk desk)
    {
        TimeRange? range = arguments.Range is { From: null, To: null or "open", Run: null, Tag: null } ? null : RangeFor(desk.Get(arguments.Name!).Tag);
        return desk.Edit(arguments.Name!, tag => tag with
        {
            FromNs = range?.FromNs ?? tag.FromNs,
            ToNs = arguments.Range.To == "open" ? null : range is null ? tag.ToNs : range.Value.ToNs ?? tag.ToNs,
            Channels = arguments.Channels.Count > 0 ? arguments.Channels : tag.Channels,
            Labels = With(tag.Labels),
            Note = arguments.Note ?? tag.Note,
        });
    }

    private Dictionary<string, string> With(IReadOnlyDictionary<string, string> labels)
    {
        var edited = new Dictionary<string, string>(labels);
        foreach ((string key, string value) in arguments.Labels.Select(TagRules.Label))
        {
            if (value.Length == 0)
                edited.Remove(key);
            else
                edited[key] = value;
        }

        return edited;
    }

    private Tag Ranged(TagDesk desk)
    {
        if (arguments.Range.Clock == "device")
            throw new ReadingException("--clock device: a tag is a range of receive time; leave out --clock");
        TimeRange range = RangeFor(null);
        return range.FromNs is { } from
            ? New(desk, from, range.ToNs)
            : throw new ReadingException("a tag needs a start: give --from, --run ID|last or --tag NAME");
    }

    private Tag New(TagDesk desk, long fromNs, long? toNs) => new(arguments.Name!, fromNs, arguments.Action == TagAction.Add ? toNs ?? desk.NowNs : toNs)
    {
        Channels = arguments.Channels,
        Labels = With(new Dictionary<string, string>()),
        Note = arguments.Note,
    };

    /// <summary>Reads the range from the options. In an edit, <c>+30s</c> counts from the tag's start, <c>-30s</c> from its end.</summary>
    private TimeRange RangeFor(Tag? edited)
    {
        RangeArguments range = arguments.Range with { To = arguments.Range.To == "open" ? null : arguments.Range.To };
        if (edited is not null && range.Run is null && range.Tag is null)
        {
            var moments = new MomentText(environment.Time.GetUtcNow(), environment.Time.LocalTimeZone, new TimeRange(edited.FromNs, edited.ToNs));
            return new TimeRange(range.From is null ? null : moments.Parse("--from", range.From), range.To is null ? null : moments.Parse("--to", range.To));
        }

        RunPauses pauses = RunPauses.Of(range.Pauses, arguments.Place, environment.Error);
        return RangeChoice.Of(range, ReadPlace.Find(arguments.Place), pauses, environment.Time.GetUtcNow(), environment.Time.LocalTimeZone, stop);
    }

    private long Moment(TagDesk desk, string key) => arguments.At is { } at ? new MomentText(environment.Time.GetUtcNow(), environment.Time.LocalTimeZone).Parse(key, at) : desk.NowNs;

    private void Show(IReadOnlyList<TagReport> reports)
    {
        if (arguments.Json && arguments.Action == TagAction.List)
            environment.Output.WriteLine(JsonSerializer.Serialize(new TagListView([.. reports.Select(TagView.Of)]), TagViewJson.Indented.TagListView));
        else if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(reports.Select(TagView.Of).ToArray() is [var only] ? only : null, TagViewJson.Indented.TagView));
        else
            PlainText.Write(environment.Output, reports.Count == 0 ? ["no tags"] : reports.SelectMany(Lines));
    }

    private IEnumerable<string> Lines(TagReport report)
    {
        Tag tag = report.Tag;
        string labels = string.Concat(tag.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"  {label.Key}={label.Value}"));
        yield return $"{tag.Name}{(arguments.Action == TagAction.Remove ? " removed" : "")}  {TimeText.Of(tag.FromNs)} to {TimeText.Of(tag.ToNs) ?? "now, open"}  {report.Files:N0} {(report.Files == 1 ? "file" : "files")}  {SizeText.Approximate(report.Bytes)}  {(tag.Channels.Count == 0 ? "all channels" : string.Join(' ', tag.Channels))}{labels}";
        if (tag.Note is { Length: > 0 } note)
            yield return $"    {note.ReplaceLineEndings(" ")}";
        foreach (TagMark mark in tag.Marks)
            yield return $"    {TimeText.Of(mark.AtNs)}  {mark.Text.ReplaceLineEndings(" ")}";
        foreach (IGrouping<string, MissingFile> missing in report.Missing.GroupBy(missing => missing.Why))
            yield return $"    not kept: {missing.Count():N0} {(missing.Count() == 1 ? "file" : "files")}: {missing.Key}";
    }

    private static string RootOf(PlaceArguments place)
    {
        string path = ReadPlace.PathOf(place);
        return TagFolders.RootOf(path) ?? Path.GetFullPath(path);
    }

    private static int CodeOf(TagFault fault) => fault switch
    {
        TagFault.Wrong => ExitCode.Usage,
        TagFault.Missing => ExitCode.NoInput,
        TagFault.Unavailable => ExitCode.CannotCreate,
        _ => ExitCode.Refused,
    };

    private static int Tell(ApplicationEnvironment environment, int exitCode, string message)
    {
        PlainText.Write(environment.Error, [$"SpeedData.Server: {message}"]);
        return exitCode;
    }
}
