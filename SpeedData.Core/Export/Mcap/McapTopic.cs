using System.Text.Json.Nodes;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Mcap;

/// <summary>A channel as a topic: its number, and the JSON schema of its messages.</summary>
internal sealed class McapTopic
{
    /// <param name="number">From 1; of the schema, too.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="shape">Columns of its rows.</param>
    public McapTopic(int number, ChannelSelection channel, TableShape shape)
    {
        (Number, Topic, Shape, Row) = (number, "/" + channel.Name, shape, new JsonRow(shape));
        Received = IndexOf(TableShape.ReceivedName);
        Device = IndexOf(TableShape.TimeName);
        var nodes = channel.SchemaHeads().SelectMany(head => Signal.Of(head.Layout!)).ToLookup(signal => signal.Name, signal => signal.Node);
        Name = channel.SchemaHeads().Select(head => head.Layout!.Root.FullName).OfType<string>().FirstOrDefault() ?? channel.Name;
        Schema = SchemaOf(shape, nodes).ToJsonString();
    }

    public int Number { get; }

    public string Topic { get; }

    /// <summary>The record's name in its Avro schema.</summary>
    public string Name { get; }

    public TableShape Shape { get; }

    public JsonRow Row { get; }

    /// <summary>JSON schema of a message.</summary>
    public string Schema { get; }

    /// <summary>The column with the time of receipt; -1 for none.</summary>
    public int Received { get; }

    /// <summary>The column with the device's time; -1 for none.</summary>
    public int Device { get; }

    private int IndexOf(string name) => Shape.Columns.ToList().FindIndex(column => column.Name == name && column.Kind == ColumnKind.Time);

    // Viewers take one type for a property, so what may be null or a text such as NaN is called by its usual type.
    private static JsonObject SchemaOf(TableShape shape, ILookup<string, LayoutNode> nodes)
    {
        var properties = new JsonObject();
        foreach (ColumnSpec column in shape.Columns)
        {
            JsonObject type = TypeOf(column, [.. nodes[column.Name]]);
            if (column.Unit is { } unit)
                type["description"] = unit;
            properties[column.Name] = type;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject TypeOf(ColumnSpec column, LayoutNode[] nodes)
    {
        switch (column.Kind)
        {
            case ColumnKind.Boolean:
                return Plain("boolean");
            case ColumnKind.Int32 or ColumnKind.Int64:
                return Plain("integer");
            case ColumnKind.Float32 or ColumnKind.Float64:
                return Plain("number");
            case ColumnKind.Json when nodes.Length > 0:
                return TypeOf(nodes[0], 0);
            default:
                return Plain("string");
        }
    }

    private static JsonObject TypeOf(LayoutNode node, int depth)
    {
        const int MostDepth = 8;
        LayoutNode value = Signal.Optional(node) ?? node;
        if (depth > MostDepth)
            return Plain("object");
        switch (value.Type)
        {
            case AvroType.Boolean:
                return Plain("boolean");
            case AvroType.Int or AvroType.Long:
                return Plain("integer");
            case AvroType.Float or AvroType.Double:
                return Plain("number");
            case AvroType.Array:
                return new JsonObject { ["type"] = "array", ["items"] = TypeOf(value.Items!, depth + 1) };
            case AvroType.Record:
                var properties = new JsonObject();
                foreach (LayoutField field in value.Fields)
                    properties[field.Name] = TypeOf(field.Type, depth + 1);
                return new JsonObject { ["type"] = "object", ["properties"] = properties };
            case AvroType.Map:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = TypeOf(value.Items!, depth + 1) };
            default:
                return Plain("string");
        }
    }

    private static JsonObject Plain(string type) => new() { ["type"] = type };
}
