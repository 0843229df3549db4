using SpeedData.Server.Reading;

namespace SpeedData.Server.Tags;

/// <summary>The arguments of a tag command; null for options that were not given.</summary>
internal sealed record TagArguments(TagAction Action, PlaceArguments Place, bool Json)
{
    public string? Name { get; init; }

    public string? Text { get; init; }

    public string? Before { get; init; }

    public string? At { get; init; }

    public RangeArguments Range { get; init; } = new(null, null, null, null, []);

    public IReadOnlyList<string> Channels { get; init; } = [];

    public IReadOnlyList<string> Labels { get; init; } = [];

    public string? Note { get; init; }

    public bool DeleteData { get; init; }
}

/// <summary>The tag commands.</summary>
internal enum TagAction
{
    Start,
    Stop,
    Mark,
    Add,
    Edit,
    List,
    Remove,
}
