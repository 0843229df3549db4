namespace SpeedData.Core.Configuration.Values;

/// <summary>Paths of files and folders, made absolute.</summary>
internal static class PathText
{
    /// <summary>A parser for paths; relative ones begin at <paramref name="baseDirectory"/>.</summary>
    public static ValueParser<string> Parser(string baseDirectory) => text =>
        text.Contains('\0')
            ? Parsed.Refuse<string>("use a path without null characters")
            : Path.GetFullPath(text.Trim(), baseDirectory);
}
