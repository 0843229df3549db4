using System.Globalization;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Mcap;

/// <summary>
/// Writes channels as one MCAP file: a topic per channel, messages in order of receipt, so that a time range is in few chunks.
/// </summary>
internal static class McapExport
{
    private const int ChunkRows = 2 << 10;
    private const long MostBytes = 1 << 20;
    private const long MostChannels = ushort.MaxValue;

    /// <param name="channels">The channels; each with files in the range becomes a topic.</param>
    /// <param name="choice">The signals to write.</param>
    /// <param name="options">The options of the export.</param>
    /// <param name="output">The stream that receives the file; a pipe is possible.</param>
    /// <param name="progress">Receives the bytes read and the rows written so far.</param>
    /// <param name="stop">Cancels the export.</param>
    public static ExportResult Run(IReadOnlyList<ChannelSelection> channels, FieldChoice choice, ExportOptions options, Stream output, Action<long, long>? progress, CancellationToken stop)
    {
        if (channels.Count > MostChannels)
            throw new ReadingException($"an mcap file can hold at most {MostChannels:N0} channels; select fewer with --channel");
        ChannelSelection[] known = [.. channels.Where(channel => channel.SchemaHeads().Count > 0)];
        if (known.Length == 0)
            throw new ReadingException("there are no readable recordings there");
        ChannelRows.Look(known, choice);
        var rows = new List<McapRows>();
        var chunks = new List<McapChunk>();
        try
        {
            for (int i = 0; i < known.Length; i++)
                rows.Add(Open(i + 1, known[i], choice, options, stop));
            McapTopic[] topics = [.. rows.Select(row => row.Topic)];
            var file = new McapFile(topics, output);
            file.Begin("SpeedData", Metadata(channels[0].Range, options.Notes));
            long written = new ExportPipeline<McapChunk>(() => Created(chunks, topics), chunk => chunk.Encode(), file.Write, Environment.ProcessorCount, stop)
                .Run(FillOf(rows), progress is null ? null : count => progress(rows.Sum(row => row.Rows.BytesDone), count));
            file.End();
            return new ExportResult(written, rows.Sum(row => row.Rows.Damaged));
        }
        finally
        {
            rows.ForEach(row => row.Dispose());
            chunks.ForEach(chunk => chunk.Dispose());
        }
    }

    private static McapRows Open(int number, ChannelSelection channel, FieldChoice choice, ExportOptions options, CancellationToken stop)
    {
        var rows = new ChannelRows(channel, choice, options, ChunkRows, stop);
        return new McapRows(new McapTopic(number, channel, rows.Shape), rows);
    }

    private static McapChunk Created(List<McapChunk> all, McapTopic[] topics)
    {
        var chunk = new McapChunk(topics);
        all.Add(chunk);
        return chunk;
    }

    private static Func<McapChunk, bool> FillOf(List<McapRows> rows)
    {
        if (rows is [McapRows only])
        {
            return chunk =>
            {
                chunk.Clear();
                return only.Fill(chunk);
            };
        }

        rows.ForEach(row => row.Begin());
        return chunk => Merge(rows, chunk);
    }

    private static bool Merge(List<McapRows> rows, McapChunk chunk)
    {
        chunk.Clear();
        long bytes = 0;
        while (chunk.Order.Count < ChunkRows && bytes < MostBytes && Earliest(rows) is var next and >= 0)
            bytes += rows[next].Move(chunk, next);
        return chunk.Order.Count > 0;
    }

    private static int Earliest(List<McapRows> rows)
    {
        int earliest = -1;
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].HasRow && (earliest < 0 || rows[i].LogNs < rows[earliest].LogNs))
                earliest = i;
        }

        return earliest;
    }

    private static Dictionary<string, string> Metadata(TimeRange range, IReadOnlyDictionary<string, string> notes)
    {
        var metadata = new Dictionary<string, string> { ["clock"] = range.Clock == RangeClock.Device ? "device" : "received" };
        if (range.FromNs is { } from)
            metadata["from_ns"] = from.ToString(CultureInfo.InvariantCulture);
        if (range.ToNs is { } to)
            metadata["to_ns"] = to.ToString(CultureInfo.InvariantCulture);
        foreach ((string key, string value) in notes)
            metadata[key] = value;
        return metadata;
    }
}
