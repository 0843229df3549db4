using SpeedData.Core.Export.Hdf5;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Writes the predecessor's HDF5 layout: a group per channel that contains only <c>time</c> and the signals.</summary>
public static class PivotExport
{
    /// <param name="channels">The channels with files in the range.</param>
    /// <param name="empty">The channels without files in the range.</param>
    /// <param name="signals">The signals to write, if a channel has them; empty for all.</param>
    /// <param name="output">A stream that can seek.</param>
    /// <param name="stop">Cancels the export.</param>
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
