namespace SpeedData.Core.Configuration.Values;

/// <summary>The result of parsing a text: a value, or a sentence that names the fix.</summary>
internal readonly record struct Parsed<T>(T? Value, string? Remedy)
{
    public bool IsValid => Remedy is null;

    public static implicit operator Parsed<T>(T value) => new(value, null);
}

/// <summary>Reads one value from its text.</summary>
internal delegate Parsed<T> ValueParser<T>(string text);

/// <summary>Makes refusals for a <see cref="ValueParser{T}"/>.</summary>
internal static class Parsed
{
    public static Parsed<T> Refuse<T>(string remedy) => new(default, remedy);
}
