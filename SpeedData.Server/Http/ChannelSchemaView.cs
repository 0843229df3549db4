using SpeedData.Core.Channels;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Http;

/// <summary>One schema of a channel, with its counts.</summary>
/// <param name="Label">The schema's label in metrics.</param>
/// <param name="Path">The schema's file or folder.</param>
/// <param name="Name">The record's name with its namespace.</param>
/// <param name="Accepted">Datagrams that were accepted as records of this schema.</param>
/// <param name="Archived">Accepted datagrams that were archived.</param>
internal sealed record ChannelSchemaView(string Label, string Path, string Name, long Accepted, long Archived)
{
    /// <summary>Returns the channel's schemas in the order in which they are tried; empty while a schema file is missing.</summary>
    public static IReadOnlyList<ChannelSchemaView> Of(Channel channel)
    {
        if (channel.KnownSchemas is not { } schemas)
            return [];
        ValueList<string> paths = channel.Options.SchemaPaths;
        // The channel may change between the two reads.
        return [.. schemas.Take(paths.Count).Select((schema, i) => Of(channel.Counters, channel.Counters.Of(schema), paths, i))];
    }

    private static ChannelSchemaView Of(ChannelCounters counters, SchemaCounters schema, ValueList<string> paths, int i)
    {
        string name = System.IO.Path.GetFileName(paths[i]);
        bool isOnly = paths.Count(path => System.IO.Path.GetFileName(path) == name) == 1;
        // Read archived before accepted, so that archived is never the greater.
        long archived = counters.Archived(schema);
        return new ChannelSchemaView(isOnly ? name : paths[i], paths[i], schema.Schema.FullName, schema.Accepted, archived);
    }
}

/// <summary>How many refused datagrams were kept, and how many could not be kept.</summary>
internal sealed record KeptRejectsView(long Kept, long NotKept);
