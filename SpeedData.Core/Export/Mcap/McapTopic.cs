using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Mcap;

/// <summary>A channel as a topic: its number, and the JSON schema of its messages.</summary>
internal sealed class McapTopic
{
    /// <param name="number">Number of the topic and its schema, from 1.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="shape">Columns of the channel's rows.</param>
    public McapTopic(int number, ChannelSelection channel, TableShape shape)
    {
        (Number, Topic, Shape, Row) = (number, "/" + channel.Name, shape, new JsonRow(shape));
        Received = IndexOf(TableShape.ReceivedName);
        Device = IndexOf(TableShape.TimeName);
        var nodes = channel.SchemaHeads().SelectMany(head => Signal.Of(head.Layout!)).ToLookup(signal => signal.Name, signal => signal.Node);
        Name = channel.SchemaHeads().Select(head => head.Layout!.Root.FullName).OfType<string>().FirstOrDefault() ?? channel.Name;
        Schema = new McapSchema(shape, nodes).ToJson();
    }

    public int Number { get; }

    public string Topic { get; }

    /// <summary>The name of the record in its Avro schema.</summary>
    public string Name { get; }

    public TableShape Shape { get; }

    public JsonRow Row { get; }

    /// <summary>JSON schema of a message.</summary>
    public string Schema { get; }

    /// <summary>Index of the column with the time of receipt; -1 for none.</summary>
    public int Received { get; }

    /// <summary>Index of the column with the device's time; -1 for none.</summary>
    public int Device { get; }

    private int IndexOf(string name) => Shape.Columns.ToList().FindIndex(column => column.Name == name && column.Kind == ColumnKind.Time);
}
