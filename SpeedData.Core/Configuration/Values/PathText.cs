namespace SpeedData.Core.Configuration.Values;

/// <summary>Parses paths of files and folders, and makes them absolute.</summary>
internal static class PathText
{
    /// <summary>Returns a parser for paths. Relative paths start from <paramref name="baseDirectory"/>.</summary>
    public static ValueParser<string> Parser(string baseDirectory) => text =>
        text.Contains('\0')
            ? Parsed.Refuse<string>("use a path without null characters")
            : Path.GetFullPath(text.Trim(), baseDirectory);
}
