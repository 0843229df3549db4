using System.Runtime.CompilerServices;

namespace SpeedData.Tests.Page;

/// <summary>Location of the repository's sources.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
