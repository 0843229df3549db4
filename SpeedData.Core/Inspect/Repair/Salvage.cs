using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>What could be saved of a damaged block.</summary>
/// <param name="Records">Whole records from its start.</param>
/// <param name="Data">The block's data for them, in the file's codec; empty where none is.</param>
/// <param name="IsAll">Whether it is all of what the block held.</param>
/// <param name="Kept">Bytes of the damaged place that are surely in it.</param>
/// <param name="Device">The time field of the first and the last of them.</param>
internal readonly record struct Saved(long Records, byte[] Data, bool IsAll, long Kept, (long? First, long? Last) Device)
{
    public static Saved Nothing { get; } = new(0, [], false, 0, default);
}

/// <summary>
/// Saves every whole record from the start of a damaged block. None that is not there: the walk ends at the first page of
/// zeros, which decode as records (<see cref="ZeroPages"/>). One thread.
/// </summary>
internal sealed class Salvage(ContainerReader reader, BlockCheck check)
{
    private readonly TimeField? _time = check.Layout is { } layout ? TimeField.Find(layout) : null;

    public Saved From(in Place place)
    {
        // Records of no bytes leave nothing by which they could be told.
        if (!check.LooksInside || check.Layout!.FixedSize == 0)
            return Saved.Nothing;
        if (Range(place) is not { Length: > 0 and <= ContainerReader.MaxBlock } range)
            return Saved.Nothing;
        ReadOnlySpan<byte> data = reader.Bytes(range.Offset, (int)range.Length);
        RecordCount count = check.Count(data, int.MaxValue, out ReadOnlySpan<byte> decoded, out bool isExact);
        int written = ZeroPages.First(data, range.Offset, reader.Length);
        if (isExact && count.Records > 0 && range.IsKnown && written == data.Length)
            return new Saved(count.Records, data.ToArray(), true, place.Bytes, Times(decoded, count));
        count = check.Count(data[..written], place.Frame.Records, out decoded, out _);
        return count.Records == 0 ? Saved.Nothing : new Saved(count.Records, Encode(decoded[..count.Length]), false, check.IsPlain ? count.Length : 0, Times(decoded, count));
    }

    /// <summary>The time field of the first and the last of some records.</summary>
    public (long? First, long? Last) Times(ReadOnlySpan<byte> decoded, in RecordCount count)
    {
        if (_time is null || count.Records == 0)
            return default;
        long? first = _time.TryRead(decoded, out long ns) ? ns : null;
        return (first, _time.TryRead(decoded[count.Last..], out ns) ? ns : null);
    }

    /// <summary>Where the block's data lies, and whether that is known for sure.</summary>
    private (long Offset, long Length, bool IsKnown)? Range(in Place place)
    {
        BlockFrame frame = place.Frame;
        if (place.Fault is null || place.IsMarkerOnly)
            return (frame.DataOffset, frame.DataLength, true);
        if (place.Marker >= 0 && BlockMend.FindData(reader, place) is { } found)
            return (found.Offset, found.Length, true);
        long end = place.Marker >= 0 ? place.Marker : reader.Length;
        bool isWhole = frame.DataLength <= end - frame.DataOffset;
        // Without its numbers nobody knows where its data begins.
        return frame.DataOffset == frame.Offset ? null : (frame.DataOffset, Math.Min(frame.DataLength, end - frame.DataOffset), isWhole);
    }

    private byte[] Encode(ReadOnlySpan<byte> records)
    {
        using IBlockCodec codec = IBlockCodec.For(reader.Header.Codec)!;
        BlockData data = codec.Encode(new BlockData(records, default));
        return [.. data.First, .. data.Second];
    }
}
