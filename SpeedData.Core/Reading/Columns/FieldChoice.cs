namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// Selects signals by their names with dots, in which <c>*</c> matches any text. The name of a record selects all its signals. Also decides
/// how arrays are read.
/// </summary>
public sealed class FieldChoice(IReadOnlyList<string> patterns)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private HashSet<string>? _names;

    public static FieldChoice All => new([]);

    /// <summary>Selects signals by their complete names, possibly thousands.</summary>
    internal static FieldChoice Of(IReadOnlyList<string> names) => new(names) { _names = new HashSet<string>(names, StringComparer.Ordinal) };

    /// <summary>Whether an array of plain values becomes a list. If not, it becomes JSON.</summary>
    public bool AsLists { get; private init; }

    /// <summary>Arrays whose first items get their own columns, with the number of columns.</summary>
    public IReadOnlyDictionary<string, int> ArrayColumns { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether array items without a column are left out.</summary>
    public bool CutsArrays { get; init; }

    /// <summary>Returns the choice with arrays as lists.</summary>
    public FieldChoice WithLists() => new(patterns) { AsLists = true, ArrayColumns = ArrayColumns, CutsArrays = CutsArrays };

    public bool Wants(string signal)
    {
        if (patterns.Count == 0)
            return true;
        if (_names is not null)
            return Uses(signal);
        bool isWanted = false;
        foreach (string pattern in patterns.Where(pattern => Fits(pattern, signal) || signal.StartsWith(pattern + ".", StringComparison.Ordinal) || TableShape.IsColumnOf(pattern, signal)))
        {
            _used.Add(pattern);
            isWanted = true;
        }

        return isWanted;
    }

    /// <summary>Patterns that match no signal seen so far and no column that every table has.</summary>
    public IEnumerable<string> Unused => patterns.Where(pattern => !_used.Contains(pattern) && !TableShape.IsAlwaysThere(pattern));

    private bool Uses(string name)
    {
        if (!_names!.Contains(name))
            return false;
        _used.Add(name);
        return true;
    }

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Escaped(pattern), text, ignoreCase: false);

    // The matcher treats ? and backslash specially; no signal name contains them.
    private static string Escaped(ReadOnlySpan<char> pattern) => pattern.ToString().Replace("?", "\\?", StringComparison.Ordinal);
}
