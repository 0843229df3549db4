using System.Globalization;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Http;

/// <summary>The part of a list that a client asks for with <c>limit</c> and <c>after</c>.</summary>
/// <param name="Limit">Most entries.</param>
/// <param name="After">The last entry of the part before; null for the first part.</param>
internal sealed record ListPage(int Limit, string? After)
{
    /// <param name="query">What the client sent.</param>
    /// <param name="standard">The limit where the client names none.</param>
    /// <exception cref="ReadingException">The limit is no number from 1.</exception>
    public static ListPage Of(IQueryCollection query, int standard)
    {
        string? after = query["after"].FirstOrDefault() is { Length: > 0 } last ? last : null;
        if (query["limit"].FirstOrDefault() is not { Length: > 0 } text)
            return new ListPage(standard, after);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0
            ? new ListPage(limit, after)
            : throw new ReadingException($"limit {text}: use a number from 1 to {int.MaxValue}");
    }

    /// <summary>Takes the page from entries that come after <see cref="After"/>. Entries with one key stay together, since the next page begins after it.</summary>
    /// <param name="entries">In the order of the list.</param>
    /// <param name="keyOf">What names an entry.</param>
    /// <param name="next">Where the next page begins; null if there is none.</param>
    public IReadOnlyList<T> Take<T>(IReadOnlyList<T> entries, Func<T, string> keyOf, out string? next)
    {
        int count = Math.Min(Limit, entries.Count);
        while (count < entries.Count && keyOf(entries[count]) == keyOf(entries[count - 1]))
            count++;
        next = count < entries.Count ? keyOf(entries[count - 1]) : null;
        return [.. entries.Take(count)];
    }
}
