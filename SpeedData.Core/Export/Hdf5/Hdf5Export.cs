using System.Reflection;
using System.Runtime.ExceptionServices;
using PureHDF;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>
/// Writes channels as one HDF5 file: a group for each channel, a dataset for each column. A dataset's length is part of its
/// head, so the rows are counted before they are written.
/// </summary>
/// <param name="channels">In their order.</param>
/// <param name="choice">Which signals.</param>
/// <param name="options">How.</param>
/// <param name="stop">Ends it.</param>
internal sealed class Hdf5Export(IReadOnlyList<ChannelSelection> channels, FieldChoice choice, ExportOptions options, CancellationToken stop)
{
    // Texts are kept apart from their dataset in pieces of this size; each costs a seek.
    private const int HeapBytes = 1 << 20;

    /// <summary>Whether a column is written; all are by default.</summary>
    public Func<TableShape, int, bool> Wants { get; init; } = (_, _) => true;

    /// <summary>Whether signals have their own names, also those of columns that are not written.</summary>
    public bool KeepsNames { get; init; }

    /// <summary>Whether a channel without rows has datasets, of no length.</summary>
    public bool KeepsEmpty { get; init; } = true;

    /// <summary>More channels that get a group without datasets.</summary>
    public IReadOnlyList<string> Empty { get; init; } = [];

    /// <param name="output">A stream that can seek.</param>
    /// <param name="progress">Gets the bytes read and the rows written so far.</param>
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
            // The library calls itself by reflection.
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

    // A name with slashes is that of a group in groups. Two names may share some.
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
        new($"hdf5 has no place for channel {channel} beside the others: '{name}' would be both a signal and a group; export them to files of their own");

    private sealed record Part(ChannelSelection Channel, Hdf5Group Group, long Rows);
}
