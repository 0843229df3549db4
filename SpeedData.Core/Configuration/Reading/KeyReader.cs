using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>
/// One group of keys, with the defaults behind it. Asking for a key makes it known, and any other key is unknown. So there is
/// no second list of keys to keep in step.
/// </summary>
internal sealed class KeyReader(SettingNode? own, SettingNode? defaults, string path, Scope scope, Findings findings)
{
    private readonly List<KeyReader> _groups = [];
    private readonly List<string> _known = [];

    public string Path { get; } = path;

    public Scope Scope => scope;

    /// <summary>The keys asked for so far.</summary>
    public IEnumerable<string> KnownKeys => _known;

    /// <summary>A group of keys below this one.</summary>
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

    /// <summary>Nothing may be concluded from this key.</summary>
    public void Doubt(string name) => findings.Doubt($"{Path}:{name}");

    public bool Has(string name) => Find(name) is not null;

    /// <summary>A value that cannot be switched off.</summary>
    public T Value<T>(string name, ValueParser<T> parse, T fallback) => Read(name, parse, fallback, Parsed.Refuse<T>(
        "there is no value, and this key cannot be switched off; leave it out to use the default"));

    /// <summary>The same, where JSON's null has a meaning of its own.</summary>
    public T Value<T>(string name, ValueParser<T> parse, T fallback, T whenNull) =>
        Find(name) is { Value: null, HasChildren: false } ? Known(name, whenNull) : Value(name, parse, fallback);

    /// <summary>A value that <c>none</c>, JSON's null or an empty text switches off.</summary>
    public T? Optional<T>(string name, ValueParser<T> parse) => Read<T?>(name, OrNone(parse), default, new Parsed<T?>(default, null));

    /// <summary>The same, where an absent key means something other than none (none is the type's default).</summary>
    public T Optional<T>(string name, ValueParser<T> parse, T fallback)
        where T : struct => Read(name, parse, fallback, new Parsed<T>(default, null));

    /// <summary>A value that must be there.</summary>
    public T? Required<T>(string name, ValueParser<T> parse, string remedy)
    {
        if (scope.Order >= 0 && !Has(name))
            findings.Fault(scope, $"{Path}:{name}", null, remedy);
        return Read<T?>(name, OrNone(parse), default, Parsed.Refuse<T?>(remedy));
    }

    /// <summary>A list: JSON's, or one text with commas. A channel's own replaces the defaults'.</summary>
    public IReadOnlyList<T> List<T>(string name, ValueParser<T> parse)
    {
        _known.Add(name);
        var list = new List<T>();
        if (Find(name) is not SettingNode node)
            return list;
        bool isOwn = own?.Child(name) is not null;
        foreach (SettingNode entry in node.LastList())
        {
            // Only the list as a whole can be switched off: a single entry <c>none</c> would open it to anyone.
            if (entry == node && IsOff(node.Value))
                continue;
            foreach (string text in (entry.Value ?? "").Split(',', StringSplitOptions.TrimEntries))
                AddItem(list, parse, entry, text, isOwn);
        }

        return list;
    }

    /// <summary>One value or several, which must be there; a text is one value, whatever commas it has.</summary>
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

    /// <summary>All below a key, for a reader of its own.</summary>
    public SettingNode? Subtree(string name)
    {
        _known.Add(name);
        return own?.Child(name);
    }

    /// <summary>For every key that nobody asked for, says which key may have been meant.</summary>
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

    /// <summary>Keys of the groups below, as written from here, that end in <paramref name="name"/>.</summary>
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
        // Faults in the defaults are reported there, once. Here they only mark the key as unusable.
        if (isOwn)
            findings.Fault(scope, node.Path, node.Value, remedy);
        findings.Doubt($"{Path}:{name}");
    }

    private SettingNode? Find(string name) => own?.Child(name) ?? defaults?.Child(name);
}
