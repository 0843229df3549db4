namespace SpeedData.Core.Tags;

/// <summary>What the tags of a root keep together.</summary>
/// <param name="Tags">How many there are.</param>
/// <param name="Open">How many are open.</param>
/// <param name="Bytes">What they keep, each file once.</param>
/// <param name="MaxBytes">What they may keep; null for no limit.</param>
/// <param name="Missing">Files that they should keep and do not.</param>
/// <param name="ByChannel">Bytes by channel.</param>
public sealed record TagTotals(int Tags, int Open, long Bytes, long? MaxBytes, int Missing, IReadOnlyDictionary<string, long> ByChannel)
{
    public static TagTotals None { get; } = new(0, 0, 0, null, 0, new Dictionary<string, long>());

    /// <summary>Under the book's gate.</summary>
    internal static TagTotals Of(TagBook book) => new(
        book.Entries.Count,
        book.Entries.Count(entry => entry.Tag.IsOpen),
        book.Bytes,
        book.MaxBytes,
        book.Entries.Sum(entry => entry.Lacking.Count()),
        book.Entries.SelectMany(entry => entry.Held.Values).DistinctBy(held => held.Key).GroupBy(held => held.Channel).ToDictionary(held => held.Key, held => held.Sum(file => file.Bytes)));
}
