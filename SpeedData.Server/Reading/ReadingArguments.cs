namespace SpeedData.Server.Reading;

/// <summary>Where to look: a path, or what the configuration names.</summary>
internal sealed record PlaceArguments(string? Path, IReadOnlyList<string> ConfigFiles);

/// <summary>Which part of what was recorded.</summary>
internal sealed record RangeArguments(string? From, string? To, string? Run, string? Clock, IReadOnlyList<string> Pauses, string? Tag = null);

/// <summary>What export was asked for.</summary>
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

/// <summary>What ls was asked for.</summary>
internal sealed record ListArguments(PlaceArguments Place, IReadOnlyList<string> Pauses, bool ByChannel, bool Json);

/// <summary>What info was asked for.</summary>
internal sealed record InfoArguments(PlaceArguments Place, bool Json);

/// <summary>What check was asked for.</summary>
internal sealed record CheckArguments(IReadOnlyList<string> Files, bool Json);
