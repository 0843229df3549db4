using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Tags;

/// <summary>A tag and what it keeps.</summary>
/// <param name="Tag">The tag's definition.</param>
/// <param name="Files">Number of archives that the tag keeps.</param>
/// <param name="Bytes">Size of these archives and their indexes in bytes.</param>
/// <param name="Recorded">The channels with archives that the tag keeps or should keep.</param>
/// <param name="Missing">Archives that the tag should keep but does not.</param>
public sealed record TagReport(Tag Tag, int Files, long Bytes, IReadOnlyList<string> Recorded, IReadOnlyList<MissingFile> Missing);

/// <summary>An archive that a tag should keep, and why it does not.</summary>
public sealed record MissingFile(string Channel, string File, string Why);

/// <summary>A tag was not removed, because that would delete the last copy of an archive.</summary>
public sealed class LastCopyException(string tag, IReadOnlyList<LastCopies> copies) : Exception(
    $"tag '{tag}' keeps the last copy of {TextOf(copies)}, which retention deleted from the channels' folders; --delete-data (delete_data=true) deletes them")
{
    public IReadOnlyList<LastCopies> Copies => copies;

    private static string TextOf(IReadOnlyList<LastCopies> copies)
    {
        int files = copies.Sum(channel => channel.Files);
        return $"{files:N0} {(files == 1 ? "file" : "files")} ({SizeText.Approximate(copies.Sum(channel => channel.Bytes))})";
    }
}

/// <summary>The archives of a channel that only one tag still keeps.</summary>
public sealed record LastCopies(string Channel, int Files, long Bytes);
