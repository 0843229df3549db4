namespace SpeedData.Core.Tags;

/// <summary>A tag and the files that it keeps now. Requires the book's lock.</summary>
internal sealed class TagEntry(Tag tag)
{
    /// <summary>The tag's current definition.</summary>
    public Tag Tag { get; set; } = tag;

    /// <summary>Files that the tag keeps.</summary>
    public Dictionary<(string Channel, string FileName), HeldFile> Held { get; } = [];

    /// <summary>Files that the tag should keep but does not yet, with the reason.</summary>
    public Dictionary<(string Channel, string FileName), string> Missing { get; } = [];

    /// <summary>Files that the tag should keep but retention deleted, with the reason.</summary>
    public Dictionary<(string Channel, string FileName), string> Deleted { get; } = [];

    /// <summary>All files that the tag should keep but does not.</summary>
    public IEnumerable<KeyValuePair<(string Channel, string FileName), string>> Lacking => Missing.Concat(Deleted);

    /// <summary>Files that wait to be copied, with the target folder.</summary>
    public Dictionary<(string Channel, string FileName), string> Uncopied { get; } = [];
}
