using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Tags;

/// <summary>A tag and what it keeps.</summary>
/// <param name="Tag">What it is.</param>
/// <param name="Files">Archives that it keeps.</param>
/// <param name="Bytes">Their bytes, with their indexes.</param>
/// <param name="Recorded">The channels that it has archives of, or should have.</param>
/// <param name="Missing">What it should keep and does not.</param>
public sealed record TagReport(Tag Tag, int Files, long Bytes, IReadOnlyList<string> Recorded, IReadOnlyList<MissingFile> Missing);

/// <summary>An archive that a tag should keep, and why it does not.</summary>
public sealed record MissingFile(string Channel, string File, string Why);

/// <summary>A tag is not removed, since that would delete the last copy of something.</summary>
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

/// <summary>Archives of a channel that only one tag still has.</summary>
public sealed record LastCopies(string Channel, int Files, long Bytes);
