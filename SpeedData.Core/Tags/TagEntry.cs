namespace SpeedData.Core.Tags;

/// <summary>A tag, and what it keeps at this moment. Under the book's gate.</summary>
internal sealed class TagEntry(Tag tag)
{
    /// <summary>What it is; another after each change.</summary>
    public Tag Tag { get; set; } = tag;

    /// <summary>What it keeps.</summary>
    public Dictionary<(string Channel, string FileName), HeldFile> Held { get; } = [];

    /// <summary>What it should keep and does not yet, with the reason.</summary>
    public Dictionary<(string Channel, string FileName), string> Missing { get; } = [];

    /// <summary>What it should keep and retention deleted, with the reason.</summary>
    public Dictionary<(string Channel, string FileName), string> Deleted { get; } = [];

    /// <summary>Both of them.</summary>
    public IEnumerable<KeyValuePair<(string Channel, string FileName), string>> Lacking => Missing.Concat(Deleted);

    /// <summary>Those that wait for a copy.</summary>
    public Dictionary<(string Channel, string FileName), string> Uncopied { get; } = [];
}
