using System.Text;

namespace SpeedData.Tests.Schema;

/// <summary>Random schemas of every type, including recursive ones, as text.</summary>
internal sealed class RandomSchema
{
    private static readonly string[] Leaves =
        ["\"null\"", "\"boolean\"", "\"int\"", "\"long\"", "\"float\"", "\"double\"", "\"bytes\"", "\"string\"", """{"type":"long","logicalType":"timestamp-nanos"}"""];

    private static readonly string[] FixedWidthLeaves =
        ["\"null\"", "\"boolean\"", "\"int\"", "\"long\"", "\"float\"", "\"double\""];

    private readonly Random _random;
    private readonly bool _lengths;
    private int _names;

    private RandomSchema(Random random, bool lengths)
    {
        _random = random;
        _lengths = lengths;
    }

    /// <summary>Makes a record of any types.</summary>
    public static string Any(Random random) => new RandomSchema(random, lengths: true).Root();

    /// <summary>Makes a record of types without length or count, so that any decoder reads any bytes safely.</summary>
    public static string WithoutLengths(Random random) => new RandomSchema(random, lengths: false).Root();

    private string Root() => Record("root", depth: 0, lead: """{"name":"lead","type":"int"}""", canRecurse: _lengths);

    private string Type(int depth)
    {
        if (depth > 3 || _random.Next(2) == 0)
            return Leaf();
        return _random.Next(_lengths ? 6 : 4) switch
        {
            0 => Record(NewName(), depth, lead: null, canRecurse: false, type: _random.Next(4) == 0 ? "error" : "record"),
            1 => Union(depth),
            2 => $$"""{"type":"enum","name":"{{NewName()}}","symbols":["A","B","C"]}""",
            3 => $$"""{"type":"fixed","name":"{{NewName()}}","size":{{_random.Next(1, 9)}}}""",
            4 => $$"""{"type":"array","items":{{Type(depth + 1)}}}""",
            _ => $$"""{"type":"map","values":{{Type(depth + 1)}}}""",
        };
    }

    private string Leaf() => Pick(_lengths ? Leaves : FixedWidthLeaves);

    private string Record(string name, int depth, string? lead, bool canRecurse, string type = "record")
    {
        var fields = new List<string>();
        if (lead is not null)
            fields.Add(lead);
        int count = _random.Next(0, 6);
        for (int i = 0; i < count; i++)
            fields.Add($$"""{"name":"f{{i}}","type":{{Type(depth + 1)}}}""");
        if (canRecurse && _random.Next(3) == 0)
            fields.Add($$"""{"name":"again","type":["null","{{name}}"]}""");
        return $$"""{"type":"{{type}}","name":"{{name}}","fields":[{{string.Join(',', fields)}}]}""";
    }

    // Takes one branch of each kind, because Apache.Avro's writer selects a branch by the value's type alone.
    private string Union(int depth)
    {
        string[] choices = ["\"null\"", "\"boolean\"", "\"int\"", "\"double\"", Record(NewName(), depth + 1, lead: null, canRecurse: false)];
        _random.Shuffle(choices);
        return new StringBuilder("[").AppendJoin(',', choices.Take(_random.Next(1, choices.Length + 1))).Append(']').ToString();
    }

    private string NewName() => $"n{_names++}";

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
