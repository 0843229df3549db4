using System.Text.Json;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Reading.Runs;
using SpeedData.Core.Schema;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

internal sealed record SignalView(string Name, string Type, bool Nullable, string? Unit);

/// <summary>A schema and the files that use it.</summary>
internal sealed record SchemaView(string? Name, string? TimeField, IReadOnlyList<SignalView> Signals, IReadOnlyList<string> Files, JsonElement Schema);

internal sealed record ChannelInfoView(string Channel, string Folder, int Files, long Bytes, long Records, string? From, string? To, IReadOnlyList<string> Codecs, IReadOnlyList<SchemaView> Schemas, IReadOnlyList<string> Unreadable);

/// <summary>The JSON output of info.</summary>
internal sealed record InfoView(IReadOnlyList<ChannelInfoView> Channels);

/// <summary>Runs the command info.</summary>
internal static class InfoRun
{
    /// <returns>The exit code.</returns>
    public static int Run(InfoArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        var view = new InfoView([.. ReadPlace.Find(arguments.Place).Select(channel => Of(channel, stop))]);
        if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(view, ReadingJson.Default.InfoView));
        else
            PlainText.Write(environment.Output, view.Channels.Count == 0 ? ["nothing was recorded there"] : view.Channels.SelectMany(Lines));
        return ExitCode.Ok;
    });

    private static ChannelInfoView Of(RecordedChannel channel, CancellationToken stop)
    {
        IReadOnlyList<FileHead> heads = ChannelSelection.HeadsOf(channel);
        IReadOnlyList<Stretch> stretches = ChannelActivity.Of(channel, null, stop).Stretches;
        return new ChannelInfoView(
            channel.Name,
            channel.Folder,
            heads.Count,
            heads.Sum(head => head.Bytes),
            stretches.Sum(stretch => stretch.Records),
            stretches.Count == 0 ? null : TimeText.Of(stretches.Min(stretch => stretch.FromNs)),
            stretches.Count == 0 ? null : TimeText.Of(stretches.Max(stretch => stretch.ToNs)),
            [.. heads.Where(head => head.Codec.Length > 0).Select(head => head.Codec).Distinct()],
            [.. heads.Where(head => head.Layout is not null).GroupBy(head => head.Schema).Select(Schema)],
            [.. heads.Where(head => head.Layout is null && !head.IsEmptyPart).Select(head => $"{head.File.Name}: {head.Fault}")]);
    }

    private static SchemaView Schema(IGrouping<string?, FileHead> files)
    {
        FileHead first = files.First();
        IReadOnlyDictionary<string, string> units = SchemaUnits.Of(first.Schema!);
        return new SchemaView(
            first.Layout!.Root.FullName,
            first.Time is { } time ? $"{time.Name} ({(time.UnitNs switch { 1 => "ns", 1_000 => "us", 1_000_000 => "ms", _ => "s" })})" : null,
            [.. Signal.Of(first.Layout).Select(signal => new SignalView(signal.Name, TypeOf(signal.Node), signal.IsNullable, units.GetValueOrDefault(signal.Name)))],
            [.. files.Select(file => file.File.Name)],
            JsonOf(first.Schema!));
    }

    private static JsonElement JsonOf(string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }

    private static string TypeOf(LayoutNode node) => node switch
    {
        { Type: AvroType.Union } => string.Join(" or ", node.Branches.Where(branch => branch.Type != AvroType.Null).Select(TypeOf)),
        { Type: AvroType.Array, Items: { } item } => $"array of {TypeOf(item)}",
        { Type: AvroType.Map, Items: { } value } => $"map of {TypeOf(value)}",
        { LogicalType: { } logical } => $"{Name(node.Type)} ({logical})",
        _ => Name(node.Type),
    };

    private static string Name(AvroType type) => type.ToString().ToLowerInvariant();

    private static IEnumerable<string> Lines(ChannelInfoView channel)
    {
        yield return $"{channel.Channel}: {channel.Files:N0} {(channel.Files == 1 ? "file" : "files")}, {channel.Bytes:N0} bytes, {channel.Records:N0} records, codec {string.Join(", ", channel.Codecs)}";
        if (channel.From is not null)
            yield return $"  from {channel.From} to {channel.To}";
        foreach (SchemaView schema in channel.Schemas)
        {
            yield return $"  {schema.Name ?? "a schema without a name"} in {schema.Files.Count:N0} {(schema.Files.Count == 1 ? "file" : "files")}, time field {schema.TimeField ?? "none"}";
            foreach (SignalView signal in schema.Signals)
                yield return $"    {signal.Name}  {signal.Type}{(signal.Nullable && signal.Type != "null" ? " or null" : "")}{(signal.Unit is { } unit ? $"  [{unit}]" : "")}";
        }

        foreach (string unreadable in channel.Unreadable)
            yield return $"  cannot be read: {unreadable}";
    }
}
