using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>An archive without records. It has the columns of a channel of which nothing was recorded so far.</summary>
public static class EmptyArchive
{
    /// <param name="channel">The name of the channel.</param>
    /// <param name="schema">What its records are.</param>
    /// <param name="options">Which field is its time.</param>
    public static byte[] Of(string channel, RecordSchema schema, TimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        List<(string, string)> metadata = [(ContainerHeader.SchemaKey, schema.Text), (ContainerHeader.CodecKey, "null"), ("speeddata.channel", channel)];
        if (TimeField.Find(schema.Layout, options.Field, options.UnitNs) is { } time)
            metadata.Add((TimeField.HeaderKey, time.HeaderText));
        return ContainerHeader.Encode(metadata, ContainerHeader.NewSync());
    }
}
