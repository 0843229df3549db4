using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration;

/// <summary>The section <c>Tags</c>.</summary>
public sealed record TagsOptions
{
    /// <summary>The most bytes that all tags together keep, 4 KiB to 1 PiB, or none. Default: half of the file system.</summary>
    public TagLimit MaxBytes { get; init; } = TagLimit.Suitable;

    /// <summary>Rules that start and stop tags automatically.</summary>
    public IReadOnlyList<AutoTagOptions> Auto { get; init; } = [];
}

/// <summary>The limit of what tags keep: a number of bytes, no limit, or a default that depends on the file system.</summary>
public readonly record struct TagLimit
{
    private readonly bool _suitable;

    private TagLimit(long? bytes, bool suitable) => (Bytes, _suitable) = (bytes, suitable);

    /// <summary>Half of the file system.</summary>
    public static TagLimit Suitable { get; } = new(null, suitable: true);

    /// <summary>No limit. It is the default of the type.</summary>
    public static TagLimit None => default;

    /// <summary>The configured number; null for the default or no limit.</summary>
    public long? Bytes { get; }

    public static TagLimit Of(long bytes) => new(bytes, suitable: false);

    /// <returns>Null if the text is not a limit.</returns>
    public static TagLimit? Parse(string text) => Ranges.TagBytes(text) is { IsValid: true } limit ? limit.Value : text.Trim() is "none" ? None : null;

    /// <summary>Returns the limit in bytes on a file system of this size; null for no limit.</summary>
    public long? On(long totalBytes) => _suitable ? totalBytes / 2 : Bytes;
}

/// <summary>A rule that starts and stops tags.</summary>
/// <param name="Name">The name of its tags. <c>{n}</c> is replaced by a number.</param>
/// <param name="When">The condition. A tag is open while it holds.</param>
public sealed record AutoTagOptions(string Name, TagCondition When)
{
    /// <summary>How much earlier than the condition the tag begins. Default 0.</summary>
    public TimeSpan Before { get; init; }

    /// <summary>How much later than the condition the tag ends. Default 0.</summary>
    public TimeSpan After { get; init; }
}

/// <summary>A comparison of one signal with a value.</summary>
/// <param name="Signal">The signal, with its channel: <c>engine.rpm</c>.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Value">The value to compare with, as written, without quotes.</param>
public sealed record TagCondition(string Signal, TagOperator Operator, string Value)
{
    /// <summary>How long the comparison must hold before it counts.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The value as a number; null if it is a text.</summary>
    public double? Number { get; init; }

    /// <summary>The condition as it was written.</summary>
    public string Text { get; init; } = "";
}

/// <summary>A comparison.</summary>
public enum TagOperator
{
    Is,
    IsNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
