using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;

namespace SpeedData.Core.Tags.Preview;

/// <summary>Answers like the tags of a running server, but keeps nothing.</summary>
internal sealed class PreviewGuard(TagBook book) : IFileGuard
{
    public string? WhyItStays(ArchiveName name, bool isRoomNeeded) =>
        book.Entries.SelectMany(entry => entry.Uncopied.ContainsKey((name.Channel, name.Finished)) ? [$"tag {entry.Tag.Name} copies it first"] : Array.Empty<string>()).FirstOrDefault();

    public bool FreesNothing(ArchiveName name) => book.Shared.Has(name);

    public long BytesNotFreed(string channel) => book.Shared.Of(channel);

    public void Finished(ArchiveName name)
    {
        // No file is finished during a preview.
    }

    public void Deleted(ArchiveName name) => book.Shared.Remove(name);

    /// <summary>Returns the tags that keep a file or will keep it.</summary>
    public IReadOnlyList<string> TagsOf(ArchiveName name) => [.. book.Entries.Where(entry => entry.Held.ContainsKey((name.Channel, name.Finished)) || IsWanted(entry.Tag, name)).Select(entry => entry.Tag.Name)];

    private bool IsWanted(Tag tag, ArchiveName name) =>
        tag.Wants(name.Channel) && book.Spans.Of(book.OriginalOf(name.Channel, name.Finished)) is { } span && tag.Meets(span.First, span.Last);
}
