using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Tags;

namespace SpeedData.Server.Tags;

/// <summary>A tag as commands and the API answer it. Times are ISO 8601 in UTC.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">Its begin.</param>
/// <param name="To">Its end; null while it is open.</param>
/// <param name="Open">Whether it is open.</param>
/// <param name="Channels">The channels it was made for; empty for all.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Note">Its note.</param>
/// <param name="Marks">Its marks, by time.</param>
/// <param name="Auto">The rule that started it; null for a person.</param>
/// <param name="Recorded">The channels that it keeps archives of.</param>
/// <param name="Files">Archives that it keeps.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Missing">What it should keep and does not.</param>
internal sealed record TagView(
    string Name,
    string From,
    string? To,
    bool Open,
    IReadOnlyList<string> Channels,
    IReadOnlyDictionary<string, string> Labels,
    string? Note,
    IReadOnlyList<MarkView> Marks,
    string? Auto,
    IReadOnlyList<string> Recorded,
    int Files,
    long Bytes,
    IReadOnlyList<MissingFile> Missing)
{
    public static TagView Of(TagReport report) => new(
        report.Tag.Name,
        TimeText.Of(report.Tag.FromNs)!,
        TimeText.Of(report.Tag.ToNs),
        report.Tag.IsOpen,
        report.Tag.Channels,
        report.Tag.Labels,
        report.Tag.Note,
        [.. report.Tag.Marks.Select(mark => new MarkView(TimeText.Of(mark.AtNs)!, mark.Text))],
        report.Tag.Origin?.Rule,
        report.Recorded,
        report.Files,
        report.Bytes,
        report.Missing);
}

internal sealed record MarkView(string At, string Text);

/// <summary>Tags, newest first over HTTP.</summary>
/// <param name="Tags">The tags.</param>
/// <param name="Next">What to give as <c>after</c> for the next ones; null at the end.</param>
/// <param name="Bytes">What all tags keep, each file once; null from a command.</param>
/// <param name="MaxBytes">What they may keep; null for no limit, or from a command.</param>
internal sealed record TagListView(IReadOnlyList<TagView> Tags, string? Next = null, long? Bytes = null, long? MaxBytes = null);

/// <summary>A tag is not removed.</summary>
/// <param name="Error">Why.</param>
/// <param name="LastCopies">What would be deleted with it.</param>
internal sealed record LastCopyView(string Error, IReadOnlyList<LastCopies> LastCopies);

[JsonSerializable(typeof(LastCopyView))]
[JsonSerializable(typeof(TagListView))]
[JsonSerializable(typeof(TagView))]
internal sealed partial class TagViewJson : JsonSerializerContext
{
    public static readonly TagViewJson Readable = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static readonly TagViewJson Indented = new(new JsonSerializerOptions(Readable.Options) { WriteIndented = true });
}
