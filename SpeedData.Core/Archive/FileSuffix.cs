namespace SpeedData.Core.Archive;

/// <summary>How the names of the files in a channel's folder end.</summary>
public static class FileSuffix
{
    public const string Archive = ".avro";

    /// <summary>An archive that is being written.</summary>
    public const string Part = ".avro.part";

    public const string Index = ".idx";

    /// <summary>Bytes that recovery could not understand.</summary>
    public const string Aside = ".torn";

    /// <summary>The next step of a recovery.</summary>
    public const string Redo = ".redo";

    /// <summary>A file that replaces another once it is whole.</summary>
    public const string New = ".new";
}
