using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Tags;

/// <summary>Creates the metadata about tags in an exported file.</summary>
public static class TagNotes
{
    public const string Prefix = "speeddata.";

    /// <summary>
    /// Creates <c>speeddata.tags</c> with all tags as JSON. For a single tag, also <c>speeddata.tag</c> with its name,
    /// <c>speeddata.label.KEY</c> with each label, <c>speeddata.note</c> with the note, and <c>speeddata.marks</c> with the marks as JSON.
    /// </summary>
    /// <param name="tags">The requested tag, or the tags that overlap the range.</param>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<Tag> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var notes = new Dictionary<string, string>();
        if (tags.Count == 0)
            return notes;
        notes[Prefix + "tags"] = JsonSerializer.Serialize([.. tags.Select(View)], NotesJson.Default.IReadOnlyListTagNote);
        if (tags is not [var tag])
            return notes;
        notes[Prefix + "tag"] = tag.Name;
        foreach ((string key, string value) in tag.Labels)
            notes[$"{Prefix}label.{key}"] = value;
        if (tag.Note is { } note)
            notes[Prefix + "note"] = note;
        notes[Prefix + "marks"] = JsonSerializer.Serialize(View(tag).Marks, NotesJson.Default.IReadOnlyListMarkNote);
        return notes;
    }

    private static TagNote View(Tag tag) =>
        new(tag.Name, TimeText.Of(tag.FromNs)!, TimeText.Of(tag.ToNs), tag.Labels, tag.Note, [.. tag.Marks.Select(mark => new MarkNote(TimeText.Of(mark.AtNs)!, mark.AtNs, mark.Text))]);
}

internal sealed record TagNote(string Name, string From, string? To, IReadOnlyDictionary<string, string> Labels, string? Note, IReadOnlyList<MarkNote> Marks);

internal sealed record MarkNote(string At, long AtNs, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<TagNote>))]
[JsonSerializable(typeof(IReadOnlyList<MarkNote>))]
internal sealed partial class NotesJson : JsonSerializerContext;
