using SpeedData.Core.Export.Hdf5;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>The predecessor's HDF5 layout: a group for each channel, in it <c>time</c> and the signals, nothing else.</summary>
public static class PivotExport
{
    /// <param name="channels">With files in the range.</param>
    /// <param name="empty">Channels without.</param>
    /// <param name="signals">Which signals, where a channel has them; none for all.</param>
    /// <param name="output">A stream that can seek.</param>
    /// <param name="stop">Ends it.</param>
    public static ExportResult Run(IReadOnlyList<ChannelSelection> channels, IReadOnlyList<string> empty, IReadOnlyList<string> signals, Stream output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var wanted = new FieldChoice(signals);
        var export = new Hdf5Export(channels, FieldChoice.All, new ExportOptions(ExportFormat.Hdf5, IsLossy: true), stop)
        {
            Wants = (shape, column) => column == shape.Time || (shape.SignalOf(column) is { } signal && wanted.Wants(signal)),
            KeepsNames = true,
            KeepsEmpty = false,
            Empty = empty,
        };
        return export.Run(output, null);
    }
}
