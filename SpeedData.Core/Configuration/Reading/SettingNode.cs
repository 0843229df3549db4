namespace SpeedData.Core.Configuration.Reading;

/// <summary>
/// A key and everything below it, merged from the providers in order. Each value has the number of the provider that set it last.
/// .NET's merged view loses that number; without it, a list that replaces another cannot be distinguished from one that adds to it.
/// </summary>
internal sealed class SettingNode(string name, string path)
{
    private readonly SortedDictionary<string, SettingNode> _children =
        new(Comparer<string>.Create(Microsoft.Extensions.Configuration.ConfigurationKeyComparer.Instance.Compare));

    /// <summary>The last part of the key, in its first spelling.</summary>
    public string Name { get; } = name;

    /// <summary>The full key.</summary>
    public string Path { get; } = path;

    /// <summary>The text; null if the key has none, is a group, or was set to JSON's null.</summary>
    public string? Value { get; private set; }

    /// <summary>The number of the provider that set the value, even to null; -1 if none did.</summary>
    public int Layer { get; private set; } = -1;

    private int LastLayer => Math.Max(Layer, _children.Values.Select(c => c.LastLayer).DefaultIfEmpty(-1).Max());

    public bool HasChildren => _children.Count > 0;

    /// <summary>The children in the order of .NET's configuration: numbers by value, then names.</summary>
    public IEnumerable<SettingNode> Children => _children.Values;

    public SettingNode? Child(string name) => _children.GetValueOrDefault(name);

    public SettingNode GetOrAdd(string name)
    {
        if (!_children.TryGetValue(name, out SettingNode? child))
            _children.Add(name, child = new SettingNode(name, $"{Path}:{name}"));
        return child;
    }

    public void Set(string? value, int layer)
    {
        Value = value;
        Layer = layer;
    }

    /// <summary>Returns the texts of a list from the last provider that set any. One text may contain several, with commas.</summary>
    public IReadOnlyList<SettingNode> LastList()
    {
        int last = LastLayer;
        List<SettingNode> list = [.. _children.Values.Where(c => c.LastLayer == last)];
        if (Layer == last && Value is not null)
            list.Insert(0, this);
        return list;
    }
}
