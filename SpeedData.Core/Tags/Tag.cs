namespace SpeedData.Core.Tags;

/// <summary>A named range of receive time whose archives are kept.</summary>
/// <param name="Name">Unique below a root, whatever the case of its letters.</param>
/// <param name="FromNs">Its begin, Unix time in ns.</param>
/// <param name="ToNs">Its end, itself not in it; null while it is open.</param>
public sealed record Tag(string Name, long FromNs, long? ToNs)
{
    /// <summary>Whose archives are kept; none for all, also those that come later.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? Note { get; init; }

    /// <summary>Moments with a text, by time.</summary>
    public IReadOnlyList<TagMark> Marks { get; init; } = [];

    /// <summary>The rule that started it; null for a person.</summary>
    public TagOrigin? Origin { get; init; }

    public bool IsOpen => ToNs is null;

    public bool Wants(string channel) => Channels.Count == 0 || Channels.Contains(channel, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it has the range and the channels of another.</summary>
    public bool WantsSameAs(Tag other) => (FromNs, ToNs) == (other.FromNs, other.ToNs) && Channels.SequenceEqual(other.Channels);

    /// <summary>Whether a moment lies in it.</summary>
    public bool Holds(long ns) => ns >= FromNs && !(ns >= ToNs);

    /// <summary>Whether something from a first to a last moment may lie in it.</summary>
    public bool Meets(long firstNs, long lastNs) => lastNs < firstNs || (lastNs >= FromNs && !(firstNs >= ToNs));
}

/// <summary>A moment of a tag.</summary>
public sealed record TagMark(long AtNs, string Text);

/// <summary>Which rule of <c>Tags:Auto</c> started a tag, and for what moment.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="AtNs">When its condition began to hold.</param>
public sealed record TagOrigin(string Rule, long AtNs);
