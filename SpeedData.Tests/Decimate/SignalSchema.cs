
namespace SpeedData.Tests.Decimate;

/// <summary>
/// Random schemas that resemble measured data: runs of numbers, nullable numbers, times, nested records, and fields that choose
/// their own aggregation.
/// </summary>
internal sealed class SignalSchema
{
    private static readonly string[] Numbers = ["\"double\"", "\"float\"", "\"int\"", "\"long\""];

    private static readonly string[] Times = ["date", "time-millis", "timestamp-micros", "timestamp-nanos", "local-timestamp-millis"];

    private static readonly string[] Others =
    [
        "\"boolean\"", "\"string\"", "\"bytes\"", "\"null\"", """{"type":"array","items":"double"}""", """{"type":"map","values":["null","int"]}""",
        """["int","double"]""", """["null","int","string"]""", """["double"]""",
    ];

    private static readonly string[] AskOfNumbers = ["last", "first", "mean", "rms", "min", "max"];

    private readonly Random _random;
    private int _names;

    private SignalSchema(Random random) => _random = random;

    /// <summary>Makes a schema with logical types, as a channel gets it.</summary>
    public static string Any(Random random) => new SignalSchema(random).Record("root", 0);

    /// <summary>Moves the logical types into a property that Apache.Avro ignores.</summary>
    public static string ForOracle(string schema) => schema.Replace("logicalType", ReferenceWindow.LogicalType, StringComparison.Ordinal);

    private string Record(string name, int depth)
    {
        var fields = new List<string>();
        if (depth == 0)
            fields.Add(Field("lead", "\"int\"", null));
        if (depth == 0 && _random.Next(3) == 0)
            fields.Add(Field("time", "\"long\"", null));
        int groups = _random.Next(1, 6);
        for (int i = 0; i < groups; i++)
            fields.AddRange(Group(depth));
        return $$"""{"type":"record","name":"{{name}}","fields":[{{string.Join(',', fields)}}]}""";
    }

    private string[] Group(int depth)
    {
        switch (_random.Next(depth > 2 ? 7 : 8))
        {
            case 0 or 1:
                string run = Pick(Numbers);
                return [.. Enumerable.Range(0, _random.Next(1, 12)).Select(_ => Field(NewName(), run, null))];
            case 2:
                return [Field(NewName(), Pick(Numbers), Pick(AskOfNumbers))];
            case 3:
                string number = Pick(Numbers);
                string nullable = _random.Next(2) == 0 ? $"[\"null\",{number}]" : $"[{number},\"null\"]";
                return [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Field(NewName(), nullable, _random.Next(3) == 0 ? Pick(AskOfNumbers) : null))];
            case 4:
                return [Field(NewName(), Time(), _random.Next(4) == 0 ? Pick(AskOfNumbers) : null)];
            case 5:
                return [Field(NewName(), Other(), _random.Next(4) == 0 ? Pick(AskOfNumbers[..2]) : null)];
            case 6:
                string value = Other();
                return value.StartsWith('[') || value == "\"null\"" ? [] : [Field(NewName(), $"[\"null\",{value}]", _random.Next(4) == 0 ? Pick(AskOfNumbers[..2]) : null)];
            default:
                return [Field(NewName(), Record(NewName(), depth + 1), _random.Next(5) == 0 ? Pick(AskOfNumbers[..2]) : null)];
        }
    }

    private string Time()
    {
        string logicalType = Pick(Times);
        string type = $$"""{"type":"{{(logicalType is "date" or "time-millis" ? "int" : "long")}}","logicalType":"{{logicalType}}"}""";
        return _random.Next(3) == 0 ? $"[\"null\",{type}]" : type;
    }

    private string Other() => _random.Next(4) switch
    {
        0 => $$"""{"type":"enum","name":"{{NewName()}}","symbols":["A","B","C"]}""",
        1 => $$"""{"type":"fixed","name":"{{NewName()}}","size":{{_random.Next(1, 9)}}}""",
        _ => Pick(Others),
    };

    private static string Field(string name, string type, string? asked) =>
        $$"""{"name":"{{name}}","type":{{type}}{{(asked is null ? "" : $$""","speeddata.decimate":"{{asked}}" """)}}}""";

    private string NewName() => $"n{_names++}";

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
