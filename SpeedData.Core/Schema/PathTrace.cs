using System.Text;

namespace SpeedData.Core.Schema;

/// <summary>Records the path of a walk. Allocates.</summary>
internal readonly struct PathTrace() : IWalkTrace
{
    private const int LongestKey = 40;

    private readonly Stack<(string Label, LayoutNode Node)> _way = new();

    public static bool FieldByField => true;

    /// <summary>The field in which the walk stopped, such as <c>items[3].name</c>; empty at the record itself.</summary>
    public string Path => string.Concat(_way.Reverse().Select(place => place.Label)).TrimStart('.');

    /// <summary>The type in which the walk stopped; null at the record itself.</summary>
    public LayoutNode? Node => _way.TryPeek(out var place) ? place.Node : null;

    public void Enter(ref readonly Step field) => _way.Push(("." + field.Field, field.Node));

    public void EnterItem(int index, ref readonly Step item) => _way.Push(($"[{index}]", item.Node));

    public void AtBranch(ref readonly Step branch)
    {
        var (label, _) = _way.Pop();
        _way.Push((label, branch.Node));
    }

    public void AtKey()
    {
        var (label, node) = _way.Pop();
        _way.Push(($"{label.TrimEnd(']')} key]", node));
    }

    public void AtValueOf(ReadOnlySpan<byte> key, ref readonly Step value)
    {
        _way.Pop();
        var text = key[Varint.Measure(key)..];
        string shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestKey)]);
        _way.Push(($"[\"{shown}\"]", value.Node));
    }

    public void Leave() => _way.Pop();
}
