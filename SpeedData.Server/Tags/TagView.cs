using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Tags;

namespace SpeedData.Server.Tags;

/// <summary>A tag in the output of commands and the API. Times are ISO 8601 in UTC.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">Its start.</param>
/// <param name="To">Its end; null while it is open.</param>
/// <param name="Open">Whether it is open.</param>
/// <param name="Channels">The channels it was created for; empty for all.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Note">Its note.</param>
/// <param name="Marks">Its marks, in order of time.</param>
/// <param name="Auto">The rule that started it; null if a person did.</param>
/// <param name="Recorded">The channels whose archives it keeps.</param>
/// <param name="Files">The number of archives that it keeps.</param>
/// <param name="Bytes">The size of these archives in bytes.</param>
/// <param name="Missing">Files that it should keep but does not have.</param>
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

/// <summary>A list of tags; over HTTP, newest first.</summary>
/// <param name="Tags">The tags.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
/// <param name="Bytes">The bytes that all tags keep, each file counted once; null from a command.</param>
/// <param name="MaxBytes">The bytes that tags may keep; null for no limit, or from a command.</param>
internal sealed record TagListView(IReadOnlyList<TagView> Tags, string? Next = null, long? Bytes = null, long? MaxBytes = null);

/// <summary>The answer if a tag is not removed, since it has the last copy of recordings.</summary>
/// <param name="Error">Why it is not removed.</param>
/// <param name="LastCopies">The recordings that would be deleted with it.</param>
internal sealed record LastCopyView(string Error, IReadOnlyList<LastCopies> LastCopies);

[JsonSerializable(typeof(LastCopyView))]
[JsonSerializable(typeof(TagListView))]
[JsonSerializable(typeof(TagView))]
internal sealed partial class TagViewJson : JsonSerializerContext
{
    public static readonly TagViewJson Readable = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static readonly TagViewJson Indented = new(new JsonSerializerOptions(Readable.Options) { WriteIndented = true });
}
