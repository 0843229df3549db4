namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// Which signals are wanted: names with dots; <c>*</c> stands for any text. A record's name stands for all in it. And what
/// becomes of arrays.
/// </summary>
public sealed class FieldChoice(IReadOnlyList<string> patterns)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private HashSet<string>? _names;

    public static FieldChoice All => new([]);

    /// <summary>Signals by their whole names, of which there may be thousands.</summary>
    internal static FieldChoice Of(IReadOnlyList<string> names) => new(names) { _names = new HashSet<string>(names, StringComparer.Ordinal) };

    /// <summary>Whether an array of plain values is a list; else it is JSON.</summary>
    public bool AsLists { get; private init; }

    /// <summary>Arrays whose first items have columns of their own, and how many.</summary>
    public IReadOnlyDictionary<string, int> ArrayColumns { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether items are left out that have no column.</summary>
    public bool CutsArrays { get; init; }

    /// <summary>The same with arrays as lists.</summary>
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

    /// <summary>Patterns that no signal fitted so far, and that are no column that is there anyway.</summary>
    public IEnumerable<string> Unused => patterns.Where(pattern => !_used.Contains(pattern) && !TableShape.IsAlwaysThere(pattern));

    private bool Uses(string name)
    {
        if (!_names!.Contains(name))
            return false;
        _used.Add(name);
        return true;
    }

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Escaped(pattern), text, ignoreCase: false);

    // The matcher knows ? and a backslash too; no signal's name has either.
    private static string Escaped(ReadOnlySpan<char> pattern) => pattern.ToString().Replace("?", "\\?", StringComparison.Ordinal);
}
