using SpeedData.Core.Channels;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Http;

/// <summary>One schema of a channel and what was counted for it.</summary>
/// <param name="Label">What metrics call it.</param>
/// <param name="Path">Its file or folder.</param>
/// <param name="Name">The record's name with its namespace.</param>
/// <param name="Accepted">Datagrams that were taken as its records.</param>
/// <param name="Archived">Those that were archived.</param>
internal sealed record ChannelSchemaView(string Label, string Path, string Name, long Accepted, long Archived)
{
    /// <summary>In the order in which they are tried; none while a file of them is missing.</summary>
    public static IReadOnlyList<ChannelSchemaView> Of(Channel channel)
    {
        if (channel.KnownSchemas is not { } schemas)
            return [];
        ValueList<string> paths = channel.Options.SchemaPaths;
        // A change of the channel may come in between.
        return [.. schemas.Take(paths.Count).Select((schema, i) => Of(channel.Counters, channel.Counters.Of(schema), paths, i))];
    }

    private static ChannelSchemaView Of(ChannelCounters counters, SchemaCounters schema, ValueList<string> paths, int i)
    {
        string name = System.IO.Path.GetFileName(paths[i]);
        bool isOnly = paths.Count(path => System.IO.Path.GetFileName(path) == name) == 1;
        // Archived first: what is archived was accepted before.
        long archived = counters.Archived(schema);
        return new ChannelSchemaView(isOnly ? name : paths[i], paths[i], schema.Schema.FullName, schema.Accepted, archived);
    }
}

/// <summary>What became of refused datagrams where they are to be kept.</summary>
internal sealed record KeptRejectsView(long Kept, long NotKept);
