using System.Globalization;

namespace SpeedData.Core.Archive;

/// <summary>
/// The name of an archive file: <c>{channel}-{yyyyMMdd'T'HHmmss.ffffff'Z'}.avro</c>, with <c>.part</c> appended while it is
/// written. Its index has the same name with <c>.idx</c>. Sorted as text, the names of one channel are in order of age.
/// </summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Microseconds">Unix time in µs, UTC.</param>
public readonly record struct ArchiveName(string Channel, long Microseconds)
{
    /// <summary>The end of the year 9998. Later names would soon need a fifth digit.</summary>
    public const long MaxMicroseconds = 253_370_764_800_000_000 - 1;

    private const string Format = "yyyyMMdd'T'HHmmss.ffffff'Z'";
    public string Finished => Stem + FileSuffix.Archive;

    public string Part => Stem + FileSuffix.Part;

    /// <summary>The index beside the archive.</summary>
    public string Index => Stem + FileSuffix.Index;

    /// <summary>The summary beside the archive. Readers keep it to draw the archive without reading it again.</summary>
    public string Summary => Stem + FileSuffix.Summary;

    /// <summary>The file of refused datagrams that begins at this time.</summary>
    public string Rejected => Stem + FileSuffix.Rejected;

    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);

    public ArchiveName Next => this with { Microseconds = Microseconds + 1 };

    private string Stem => $"{Channel}-{Time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture)}";

    /// <summary>Reads the name of a file of the channel.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryParse(string fileName, string channel, out ArchiveName name, out ArchiveFileKind kind)
    {
        name = default;
        string suffix;
        (kind, suffix) = fileName.EndsWith(FileSuffix.Part, StringComparison.Ordinal) ? (ArchiveFileKind.Part, FileSuffix.Part)
            : fileName.EndsWith(FileSuffix.Index, StringComparison.Ordinal) ? (ArchiveFileKind.Index, FileSuffix.Index)
            : (ArchiveFileKind.Finished, FileSuffix.Archive);
        if (!fileName.StartsWith(channel + "-", StringComparison.Ordinal) || !fileName.EndsWith(suffix, StringComparison.Ordinal))
            return false;
        if (fileName.Length < channel.Length + 1 + suffix.Length)
            return false;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        ReadOnlySpan<char> time = fileName.AsSpan((channel.Length + 1)..^suffix.Length);
        if (!DateTime.TryParseExact(time, Format, CultureInfo.InvariantCulture, Utc, out DateTime at))
            return false;
        name = new ArchiveName(channel, (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return name.Microseconds <= MaxMicroseconds;
    }
}

/// <summary>The kind of a file in a channel's folder, known by its name.</summary>
public enum ArchiveFileKind
{
    Finished,
    Part,
    Index,
}
