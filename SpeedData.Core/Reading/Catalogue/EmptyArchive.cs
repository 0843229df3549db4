using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>Creates an archive without records. It has the columns of a channel that has no recordings yet.</summary>
public static class EmptyArchive
{
    /// <param name="channel">The name of the channel.</param>
    /// <param name="schema">The schema of its records.</param>
    /// <param name="options">Options that name the time field.</param>
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
