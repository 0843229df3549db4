using System.Text.Json.Nodes;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Mcap;

/// <summary>
/// Creates the JSON schema of a topic's messages. Viewers accept one type per property, so a property that may also be null or a text such
/// as NaN gets its usual type.
/// </summary>
/// <param name="shape">Columns of the rows.</param>
/// <param name="nodes">Types of each signal.</param>
internal sealed class McapSchema(TableShape shape, ILookup<string, LayoutNode> nodes)
{
    private readonly NodeSchema _nodes = new();

    public string ToJson()
    {
        var properties = new JsonObject();
        for (int i = 0; i < shape.Columns.Count; i++)
        {
            ColumnSpec column = shape.Columns[i];
            JsonObject type = TypeOf(column, shape.SignalOf(i) is { } signal ? nodes[signal].FirstOrDefault() : null);
            if (column.Unit is { } unit)
                type["description"] = unit;
            properties[column.Name] = type;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties }.ToJsonString();
    }

    private JsonObject TypeOf(ColumnSpec column, LayoutNode? node) => column.Kind switch
    {
        ColumnKind.Boolean => Plain("boolean"),
        ColumnKind.Int32 or ColumnKind.Int64 => Plain("integer"),
        ColumnKind.Float32 or ColumnKind.Float64 => Plain("number"),
        ColumnKind.Json when node is not null => _nodes.Of(node),
        _ => Plain("string"),
    };

    private static JsonObject Plain(string type) => new() { ["type"] = type };
}
