using System.Globalization;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Describes the blocks of an archive in order, from the old index if it has the entry, otherwise from the block itself. One
/// thread.
/// </summary>
/// <param name="reader">The archive.</param>
/// <param name="known">The old index; null if there is none.</param>
/// <param name="time">Which field is the device's time.</param>
internal sealed class DescribedBlocks(ContainerReader reader, KnownEntries? known, TimeOptions time)
{
    private readonly DeviceTimes _times = DeviceTimes.For(reader.Header, time);
    private readonly IndexEntry _entry = new();
    private long? _ordinal = long.TryParse(reader.Header.Text(IndexSchema.OrdinalKey), NumberStyles.None, CultureInfo.InvariantCulture, out long stated) ? stated : null;

    /// <summary>Passes a block whose entry already exists.</summary>
    public void Pass(in BlockFrame frame) => _ordinal += frame.Records;

    /// <returns>The entry of the block. It is valid until the next call.</returns>
    public IndexEntry Describe(in BlockFrame frame)
    {
        long bytes = frame.End - frame.Offset;
        uint crc = Crc32C.Append(0, reader.Bytes(frame.Offset, (int)bytes));
        IndexEntry entry = known?.Take(crc, bytes) ?? FromBlock(frame, crc);
        entry.Offset = frame.Offset;
        _ordinal += frame.Records;
        return entry;
    }

    private IndexEntry FromBlock(in BlockFrame frame, uint crc)
    {
        (_entry.DeviceFirstNs, _entry.DeviceLastNs) = _times.Of(reader.Data(frame), frame.Records);
        _entry.Bytes = frame.End - frame.Offset;
        _entry.Records = frame.Records;
        _entry.Ordinal = _ordinal;
        _entry.Crc32C = crc;
        return _entry;
    }
}
