namespace SpeedData.Core.Tags;

/// <summary>The totals of all tags of an archive root.</summary>
/// <param name="Tags">Number of tags.</param>
/// <param name="Open">Number of open tags.</param>
/// <param name="Bytes">Bytes that the tags keep, each file counted once.</param>
/// <param name="MaxBytes">The most bytes that they may keep; null for no limit.</param>
/// <param name="Missing">Number of files that they should keep but do not.</param>
/// <param name="ByChannel">Bytes kept, by channel.</param>
public sealed record TagTotals(int Tags, int Open, long Bytes, long? MaxBytes, int Missing, IReadOnlyDictionary<string, long> ByChannel)
{
    public static TagTotals None { get; } = new(0, 0, 0, null, 0, new Dictionary<string, long>());

    /// <summary>Calculates the totals. Requires the book's lock.</summary>
    internal static TagTotals Of(TagBook book) => new(
        book.Entries.Count,
        book.Entries.Count(entry => entry.Tag.IsOpen),
        book.Bytes,
        book.MaxBytes,
        book.Entries.Sum(entry => entry.Lacking.Count()),
        book.Entries.SelectMany(entry => entry.Held.Values).DistinctBy(held => held.Key).GroupBy(held => held.Channel).ToDictionary(held => held.Key, held => held.Sum(file => file.Bytes)));
}
