namespace SpeedData.Core.Archive;

/// <summary>The suffixes of the files in a channel's folder.</summary>
public static class FileSuffix
{
    public const string Archive = ".avro";

    /// <summary>The suffix that is appended while a file is written.</summary>
    public const string Unfinished = ".part";

    /// <summary>An archive that is being written.</summary>
    public const string Part = Archive + Unfinished;

    /// <summary>A file of refused datagrams, which is not an archive of the channel.</summary>
    public const string Rejected = ".rejected" + Archive;

    public const string Index = ".idx";

    /// <summary>The summary that readers keep beside an archive.</summary>
    public const string Summary = ".sum";

    /// <summary>Whether a file holds refused datagrams, finished or not.</summary>
    public static bool IsRejected(string path) =>
        path.EndsWith(Rejected, StringComparison.Ordinal) || path.EndsWith(Rejected + Unfinished, StringComparison.Ordinal);

    /// <summary>The file of bytes that recovery could not decode.</summary>
    public const string Aside = ".torn";

    /// <summary>The next step of a recovery.</summary>
    public const string Redo = ".redo";

    /// <summary>A file that replaces another once it is complete.</summary>
    public const string New = ".new";
}
