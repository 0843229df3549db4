using System.Globalization;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Http;

/// <summary>The part of a list that a client asks for with <c>limit</c> and <c>after</c>.</summary>
/// <param name="Limit">Most entries.</param>
/// <param name="After">The key of the previous page's last entry; null for the first page.</param>
internal sealed record ListPage(int Limit, string? After)
{
    /// <param name="query">The request's query.</param>
    /// <param name="standard">The limit if the client names none.</param>
    /// <exception cref="ReadingException">The limit is not a number of at least 1.</exception>
    public static ListPage Of(IQueryCollection query, int standard)
    {
        string? after = query["after"].FirstOrDefault() is { Length: > 0 } last ? last : null;
        if (query["limit"].FirstOrDefault() is not { Length: > 0 } text)
            return new ListPage(standard, after);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0
            ? new ListPage(limit, after)
            : throw new ReadingException($"limit {text}: use a number from 1 to {int.MaxValue}");
    }

    /// <summary>Returns the page after <see cref="After"/>. Entries with the same key stay on one page.</summary>
    /// <param name="entries">All entries, in order.</param>
    /// <param name="keyOf">Returns an entry's key.</param>
    /// <param name="next">The value of <c>after</c> for the next page; null on the last page.</param>
    public IReadOnlyList<T> Take<T>(IReadOnlyList<T> entries, Func<T, string> keyOf, out string? next)
    {
        int count = Math.Min(Limit, entries.Count);
        while (count < entries.Count && keyOf(entries[count]) == keyOf(entries[count - 1]))
            count++;
        next = count < entries.Count ? keyOf(entries[count - 1]) : null;
        return [.. entries.Take(count)];
    }
}
