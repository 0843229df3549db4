using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>
/// Reads one group of keys, falling back to the defaults. A key that is read is known; any other key is unknown. So no second list of
/// keys must be maintained.
/// </summary>
internal sealed class KeyReader(SettingNode? own, SettingNode? defaults, string path, Scope scope, Findings findings)
{
    private readonly List<KeyReader> _groups = [];
    private readonly List<string> _known = [];

    public string Path { get; } = path;

    public Scope Scope => scope;

    /// <summary>The keys read so far.</summary>
    public IEnumerable<string> KnownKeys => _known;

    /// <summary>Returns a reader for a group of keys below this one.</summary>
    public KeyReader Group(string name)
    {
        _known.Add(name);
        SettingNode? node = own?.Child(name);
        if (!string.IsNullOrWhiteSpace(node?.Value))
            findings.Fault(scope, node.Path, node.Value, "this is a group of keys, not a value");
        var group = new KeyReader(node, defaults?.Child(name), $"{Path}:{name}", scope, findings);
        _groups.Add(group);
        return group;
    }

    /// <summary>Marks a key as unusable, so that nothing is concluded from it.</summary>
    public void Doubt(string name) => findings.Doubt($"{Path}:{name}");

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Reads a value that cannot be switched off.</summary>
    public T Value<T>(string name, ValueParser<T> parse, T fallback) => Read(name, parse, fallback, Parsed.Refuse<T>(
        "there is no value, and this key cannot be switched off; leave it out to use the default"));

    /// <summary>Reads a value for which JSON's null has its own meaning.</summary>
    public T Value<T>(string name, ValueParser<T> parse, T fallback, T whenNull) =>
        Find(name) is { Value: null, HasChildren: false } ? Known(name, whenNull) : Value(name, parse, fallback);

    /// <summary>Reads a value that <c>none</c>, JSON's null or an empty text switches off.</summary>
    public T? Optional<T>(string name, ValueParser<T> parse) => Read<T?>(name, OrNone(parse), default, new Parsed<T?>(default, null));

    /// <summary>Reads such a value if an absent key does not mean none. None is the type's default.</summary>
    public T Optional<T>(string name, ValueParser<T> parse, T fallback)
        where T : struct => Read(name, parse, fallback, new Parsed<T>(default, null));

    /// <summary>Reads a required value.</summary>
    public T? Required<T>(string name, ValueParser<T> parse, string remedy)
    {
        if (scope.Order >= 0 && !Has(name))
            findings.Fault(scope, $"{Path}:{name}", null, remedy);
        return Read<T?>(name, OrNone(parse), default, Parsed.Refuse<T?>(remedy));
    }

    /// <summary>Reads a list: a JSON list, or one text with commas. A channel's list replaces the one in the defaults.</summary>
    public IReadOnlyList<T> List<T>(string name, ValueParser<T> parse)
    {
        _known.Add(name);
        var list = new List<T>();
        if (Find(name) is not SettingNode node)
            return list;
        bool isOwn = own?.Child(name) is not null;
        foreach (SettingNode entry in node.LastList())
        {
            // Only the whole list can be switched off. A single entry <c>none</c> would open it to anyone.
            if (entry == node && IsOff(node.Value))
                continue;
            foreach (string text in (entry.Value ?? "").Split(',', StringSplitOptions.TrimEntries))
                AddItem(list, parse, entry, text, isOwn);
        }

        return list;
    }

    /// <summary>Reads one or several required values. A text is one value, even if it contains commas.</summary>
    public IReadOnlyList<T> RequiredEntries<T>(string name, ValueParser<T> parse, int most, string remedy)
    {
        if (Find(name) is not { HasChildren: true } node)
            return Required<T>(name, parse, remedy) is { } only ? [only] : [];
        _known.Add(name);
        bool isOwn = own?.Child(name) is not null;
        var list = new List<T>();
        foreach (SettingNode entry in node.LastList())
        {
            Parsed<T> item = entry.HasChildren ? Parsed.Refuse<T>("this is one value, not a list or a group of keys")
                : IsOff(entry.Value) ? Parsed.Refuse<T>(remedy)
                : parse(entry.Value!);
            if (item.IsValid)
                list.Add(item.Value!);
            else
                Refuse(name, entry, item.Remedy!, isOwn);
        }

        if (list.Count > most)
            Refuse(name, node, $"at most {most} are possible; there are {list.Count}", isOwn);
        return list;
    }

    /// <summary>Returns everything below a key, for another reader.</summary>
    public SettingNode? Subtree(string name)
    {
        _known.Add(name);
        return own?.Child(name);
    }

    /// <summary>Reports every key that was not read, with the key that was probably meant.</summary>
    public void ReportUnknown()
    {
        foreach (SettingNode node in own?.Children ?? [])
        {
            if (!_known.Contains(node.Name, StringComparer.OrdinalIgnoreCase))
                findings.Fault(scope, node.Path, node.Value, NearestKey.Remedy(node.Name, this));
        }

        foreach (KeyReader group in _groups)
            group.ReportUnknown();
    }

    /// <summary>Returns keys in groups below this one that end in <paramref name="name"/>, as written from here.</summary>
    public IEnumerable<string> KnownBelow(string name) =>
        _groups.SelectMany(g => g._known.Where(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(k => $"{g.Path[(Path.Length + 1)..]}:{k}")
            .Concat(g.KnownBelow(name).Select(k => $"{g.Path[(Path.Length + 1)..]}:{k}")));

    private static bool IsOff(string? text) => string.IsNullOrWhiteSpace(text) || text.Trim().Equals("none", StringComparison.OrdinalIgnoreCase);

    private static ValueParser<T?> OrNone<T>(ValueParser<T> parse) => text =>
    {
        Parsed<T> parsed = parse(text);
        return new Parsed<T?>(parsed.Value, parsed.Remedy);
    };

    private T Known<T>(string name, T value)
    {
        _known.Add(name);
        return value;
    }

    private T Read<T>(string name, ValueParser<T> parse, T fallback, Parsed<T> whenOff)
    {
        _known.Add(name);
        SettingNode? node = Find(name);
        if (node is null)
            return fallback;
        bool isOwn = own?.Child(name) is not null;
        Parsed<T> parsed = node.HasChildren
            ? Parsed.Refuse<T>("this is one value, not a list or a group of keys")
            : IsOff(node.Value) ? whenOff : parse(node.Value!);
        if (parsed.IsValid)
            return parsed.Value!;
        Refuse(name, node, parsed.Remedy!, isOwn);
        return fallback;
    }

    private void AddItem<T>(List<T> list, ValueParser<T> parse, SettingNode node, string text, bool isOwn)
    {
        Parsed<T> item = parse(text);
        if (item.IsValid)
            list.Add(item.Value!);
        else if (isOwn)
            findings.Fault(scope, node.Path, text, item.Remedy!);
    }

    private void Refuse(string name, SettingNode node, string remedy, bool isOwn)
    {
        // Faults in the defaults are reported once, with the defaults. Here they only mark the key as unusable.
        if (isOwn)
            findings.Fault(scope, node.Path, node.Value, remedy);
        findings.Doubt($"{Path}:{name}");
    }

    private SettingNode? Find(string name) => own?.Child(name) ?? defaults?.Child(name);
}
