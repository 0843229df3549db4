using System.Reflection;
using System.Runtime.ExceptionServices;
using PureHDF;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>
/// Writes channels as one HDF5 file: a group per channel, a dataset per column. The rows are counted before they are written, because a
/// dataset's header contains its length.
/// </summary>
/// <param name="channels">The channels in output order.</param>
/// <param name="choice">The signals to write.</param>
/// <param name="options">The options of the export.</param>
/// <param name="stop">Cancels the export.</param>
internal sealed class Hdf5Export(IReadOnlyList<ChannelSelection> channels, FieldChoice choice, ExportOptions options, CancellationToken stop)
{
    // Texts are stored outside their dataset, in heaps of this size. Each heap costs a seek.
    private const int HeapBytes = 1 << 20;

    /// <summary>Whether a column is written; by default all are.</summary>
    public Func<TableShape, int, bool> Wants { get; init; } = (_, _) => true;

    /// <summary>Whether signals keep their own names, even if a column that is not written has the same name.</summary>
    public bool KeepsNames { get; init; }

    /// <summary>Whether a channel without rows gets datasets of length 0.</summary>
    public bool KeepsEmpty { get; init; } = true;

    /// <summary>Additional channels that get a group without datasets.</summary>
    public IReadOnlyList<string> Empty { get; init; } = [];

    /// <param name="output">A stream that can seek.</param>
    /// <param name="progress">Receives the bytes read and the rows written so far.</param>
    public ExportResult Run(Stream output, Action<long, long>? progress)
    {
        var file = new H5File();
        foreach ((string key, string value) in options.Notes)
            file.Attributes[key] = value;
        var parts = new List<Part>();
        ChannelSelection[] known = [.. channels.Where(channel => channel.SchemaHeads().Count > 0)];
        foreach (string name in Empty.Concat(channels.Except(known).Select(channel => channel.Name)))
            GroupAt(file, name, new H5Group());
        ChannelRows.Look(known, choice);
        foreach (ChannelSelection channel in known)
        {
            (TableShape shape, long rows) = Count(channel);
            if (rows == 0 && !KeepsEmpty)
            {
                GroupAt(file, channel.Name, new H5Group());
                continue;
            }

            var group = new Hdf5Group(new Hdf5Layout(channel, shape, options.IsLossy, KeepsNames).Place(rows, column => Wants(shape, column)));
            GroupAt(file, channel.Name, group.Create());
            parts.Add(new Part(channel, group, rows));
        }

        try
        {
            return WriteAll(file, parts, output, progress);
        }
        catch (TargetInvocationException e) when (e.InnerException is ReadingException or IOException)
        {
            // The library calls itself by reflection, which wraps its exceptions.
            ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private ExportResult WriteAll(H5File file, List<Part> parts, Stream output, Action<long, long>? progress)
    {
        using H5NativeWriter writer = file.BeginWrite(output, new H5WriteOptions(MinimumGlobalHeapCollectionSize: HeapBytes));
        var total = new ExportResult(0, 0);
        foreach (Part part in parts)
        {
            long before = total.Rows;
            ExportResult result = Write(part, writer, progress is null ? null : (bytes, rows) => progress(bytes, before + rows));
            total = new ExportResult(total.Rows + result.Rows, total.Damaged + result.Damaged);
        }

        return total;
    }

    private (TableShape Shape, long Rows) Count(ChannelSelection channel)
    {
        if (options is { AlignNs: null, MaxPoints: null })
            return (ChannelSelection.Shape([channel], choice), RecordTally.Of(channel, options.Every, stop));
        using var rows = new ChannelRows(channel, choice, options, Hdf5Series.MostChunkRows, stop);
        var batch = new ColumnBatch(rows.Shape.Columns);
        long count = 0;
        while (rows.Fill(batch))
            count += batch.Rows;
        return (rows.Shape, count);
    }

    private ExportResult Write(Part part, H5NativeWriter writer, Action<long, long>? progress)
    {
        using var rows = new ChannelRows(part.Channel, choice, options, Hdf5Series.MostChunkRows, stop);
        using var table = new Hdf5TableWriter(part.Group, writer, part.Rows);
        long written = new ExportPipeline(rows.Shape, table, stop).Run(
            batch => !table.IsFull && rows.Fill(batch), progress is null ? null : count => progress(rows.BytesDone, count));
        table.End();
        return new ExportResult(Math.Min(written, part.Rows), rows.Damaged);
    }

    // A channel name with slashes is a path of nested groups, which other channels may share.
    private static void GroupAt(H5Group root, string name, H5Group group)
    {
        foreach (string step in name.Split('/').Where(step => step is not ("" or ".")))
        {
            if (!root.TryGetValue(step, out object? inner))
                root[step] = inner = new H5Group();
            root = inner as H5Group ?? throw Taken(name, step);
        }

        foreach ((string inside, object dataset) in group)
        {
            if (!root.TryAdd(inside, dataset))
                throw Taken(name, inside);
        }
    }

    private static ReadingException Taken(string channel, string name) =>
        new($"hdf5 cannot store channel {channel} in one file with the others: '{name}' would be both a signal and a group; export each channel to its own file");

    private sealed record Part(ChannelSelection Channel, Hdf5Group Group, long Rows);
}
