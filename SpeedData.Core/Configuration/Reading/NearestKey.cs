namespace SpeedData.Core.Configuration.Reading;

/// <summary>Guesses the intended key for an unknown one.</summary>
internal static class NearestKey
{
    // Longer than any key. The cost of a comparison grows with the length, and a sender may choose the name.
    private const int LongestName = 100;

    /// <summary>Writes a sentence with the nearest key, the same key in another group, or all known keys.</summary>
    public static string Remedy(string name, KeyReader reader)
    {
        string? nearest = Nearest(name, reader.KnownKeys);
        if (nearest is not null)
            return $"there is no such key; the nearest is {reader.Path}:{nearest}";
        string[] elsewhere = [.. reader.KnownBelow(name)];
        return elsewhere.Length > 0
            ? $"there is no such key here; there is {string.Join(" and ", elsewhere.Select(k => $"{reader.Path}:{k}"))}"
            : $"there is no such key; known in {reader.Path} are {string.Join(", ", reader.KnownKeys.Distinct())}";
    }

    /// <summary>Returns the candidate with the fewest edits, ignoring case; null if all of them differ too much.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
            return null;
        (string? nearest, int least) = (null, Math.Max(1, name.Length / 3) + 1);
        foreach (string candidate in candidates)
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least)
                (nearest, least) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>
    /// Counts the edits (insert, delete, replace, swap of neighbours) from one word to the other: optimal string alignment, after
    /// F. Damerau, "A technique for computer detection and correction of spelling errors" (1964).
    /// </summary>
    private static int Distance(string from, string to)
    {
        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
                edits[i, j] = i == 0 || j == 0 ? i + j : Least(edits, from, to, i, j);
        }

        return edits[from.Length, to.Length];
    }

    private static int Least(int[,] edits, string from, string to, int i, int j)
    {
        bool same = from[i - 1] == to[j - 1];
        int least = Math.Min(edits[i - 1, j - 1] + (same ? 0 : 1), Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
        bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return swapped ? Math.Min(least, edits[i - 2, j - 2] + 1) : least;
    }
}
