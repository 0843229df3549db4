using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>Reads the device times of the first and the last record of a block. One thread.</summary>
internal sealed class DeviceTimes
{
    private readonly RecordLayout? _layout;
    private readonly TimeField? _time;
    private readonly BlockDecoder? _decoder;

    private DeviceTimes(RecordLayout? layout, TimeOptions time, BlockDecoder? decoder)
    {
        _layout = layout;
        _time = layout is null ? null : TimeField.Find(layout, time.Field, time.UnitNs);
        _decoder = decoder;
    }

    public static DeviceTimes For(ContainerHeader header, TimeOptions time)
    {
        try
        {
            return new DeviceTimes(FileSchema.Compile(header.Schema ?? ""), time, BlockDecoder.For(header.Codec));
        }
        catch (SchemaException)
        {
            return new DeviceTimes(null, time, null);
        }
    }

    /// <param name="data">The block's data.</param>
    /// <param name="records">The number of records in the block.</param>
    /// <returns>Unix times in ns; null if there is no time field, or the data is not valid.</returns>
    public (long? First, long? Last) Of(ReadOnlySpan<byte> data, long records)
    {
        if (_time is null || _decoder is null || records < 1 || _decoder.Decode(data, out ReadOnlySpan<byte> decoded) != DecodeOutcome.Whole)
            return (null, null);
        RecordCount before = RecordCount.Of(_layout!, decoded, records - 1);
        return before.Records == records - 1 ? (Read(decoded), Read(decoded[before.Length..])) : (null, null);
    }

    private long? Read(ReadOnlySpan<byte> from) =>
        _layout!.Measure(from, out int length) == RecordFaultKind.None && _time!.TryRead(from[..length], out long ns) ? ns : null;
}
