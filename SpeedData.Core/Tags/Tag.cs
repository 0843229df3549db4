namespace SpeedData.Core.Tags;

/// <summary>A named range of receive time whose archives are kept.</summary>
/// <param name="Name">The name, unique in an archive root regardless of case.</param>
/// <param name="FromNs">Start as Unix time in ns.</param>
/// <param name="ToNs">Exclusive end; null while the tag is open.</param>
public sealed record Tag(string Name, long FromNs, long? ToNs)
{
    /// <summary>The channels whose archives are kept; empty for all, including future ones.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? Note { get; init; }

    /// <summary>Times with a text, in time order.</summary>
    public IReadOnlyList<TagMark> Marks { get; init; } = [];

    /// <summary>The rule that started the tag; null if a person did.</summary>
    public TagOrigin? Origin { get; init; }

    public bool IsOpen => ToNs is null;

    public bool Wants(string channel) => Channels.Count == 0 || Channels.Contains(channel, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the tag has the same range and channels as another.</summary>
    public bool WantsSameAs(Tag other) => (FromNs, ToNs) == (other.FromNs, other.ToNs) && Channels.SequenceEqual(other.Channels);

    /// <summary>Whether a time is in the tag's range.</summary>
    public bool Holds(long ns) => ns >= FromNs && !(ns >= ToNs);

    /// <summary>Whether times from <paramref name="firstNs"/> to <paramref name="lastNs"/> may overlap the tag's range.</summary>
    public bool Meets(long firstNs, long lastNs) => lastNs < firstNs || (lastNs >= FromNs && !(firstNs >= ToNs));
}

/// <summary>A marked time of a tag.</summary>
public sealed record TagMark(long AtNs, string Text);

/// <summary>The rule of <c>Tags:Auto</c> that started a tag, and the time for which it did.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="AtNs">Time since which the rule's condition holds.</param>
public sealed record TagOrigin(string Rule, long AtNs);
