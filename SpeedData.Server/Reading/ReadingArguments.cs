namespace SpeedData.Server.Reading;

/// <summary>Where the recordings are: a path, or the configuration's archive root.</summary>
internal sealed record PlaceArguments(string? Path, IReadOnlyList<string> ConfigFiles);

/// <summary>The options that select a range of recordings.</summary>
internal sealed record RangeArguments(string? From, string? To, string? Run, string? Clock, IReadOnlyList<string> Pauses, string? Tag = null);

/// <summary>The arguments of export.</summary>
internal sealed record ExportArguments(
    PlaceArguments Place,
    IReadOnlyList<string> Channels,
    RangeArguments Range,
    IReadOnlyList<string> Fields,
    long Every,
    int? MaxPoints,
    string? Align,
    IReadOnlyList<string> ArrayColumns,
    bool KeepsNs,
    string? Format,
    string Output,
    bool Force,
    bool Lossy,
    IReadOnlyList<string> Also);

/// <summary>The arguments of ls.</summary>
internal sealed record ListArguments(PlaceArguments Place, IReadOnlyList<string> Pauses, bool ByChannel, bool Json);

/// <summary>The arguments of info.</summary>
internal sealed record InfoArguments(PlaceArguments Place, bool Json);

/// <summary>The arguments of check.</summary>
internal sealed record CheckArguments(IReadOnlyList<string> Files, bool Json);
