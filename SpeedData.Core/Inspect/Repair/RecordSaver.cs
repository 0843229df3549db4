using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>The records saved from a damaged block.</summary>
/// <param name="Records">Number of complete records from the block's start.</param>
/// <param name="Data">The data of a block with these records, in the file's codec; empty if there are none.</param>
/// <param name="IsAll">Whether these are all records of the block.</param>
/// <param name="Kept">Bytes of the damaged part that are certainly saved.</param>
/// <param name="Device">The time field of the first and the last saved record.</param>
internal readonly record struct SavedRecords(long Records, byte[] Data, bool IsAll, long Kept, (long? First, long? Last) Device)
{
    public static SavedRecords Nothing { get; } = new(0, [], false, 0, default);
}

/// <summary>
/// Saves every complete record from the start of a damaged block and nothing else. Stops at the first page of zeros, because zeros decode
/// as records (<see cref="ZeroPages"/>). One thread.
/// </summary>
internal sealed class RecordSaver(ContainerReader reader, BlockCheck check)
{
    private readonly TimeField? _time = check.Time;

    public SavedRecords From(in BlockPlace place)
    {
        // Records without bytes cannot be counted.
        if (!check.LooksInside || check.Layout!.FixedSize == 0)
            return SavedRecords.Nothing;
        if (place.Fault is null || place.IsMarkerOnly)
            return Known(place, place.Frame.DataOffset, place.Frame.DataEnd, place.Frame.Records);
        if (place.Marker >= 0)
            return Guessed(place);
        // The position of the data is unknown if the block's count or size is damaged.
        if (place.Frame.DataOffset == place.Offset)
            return SavedRecords.Nothing;
        return place.Frame.DataLength <= reader.Length - place.Frame.DataOffset
            ? Known(place, place.Frame.DataOffset, place.Frame.DataEnd, place.Frame.Records)
            : Begun(place.Frame.DataOffset, reader.Length, place.Frame.Records);
    }

    /// <summary>
    /// Saves from the guess whose data is exactly the stated number of records, else from one whose data is records and nothing else, else
    /// the start of the likeliest.
    /// </summary>
    private SavedRecords Guessed(in BlockPlace place)
    {
        List<DataGuess> guesses = BlockDataSearch.Guess(reader, place);
        SavedRecords exact = SavedRecords.Nothing;
        foreach (DataGuess guess in guesses)
        {
            SavedRecords saved = Exactly(place, guess.Offset, place.Marker);
            if (saved.IsAll && saved.Records == guess.Stated)
                return saved;
            if (!exact.IsAll)
                exact = saved;
        }

        return exact.IsAll || guesses.Count == 0 ? exact : Begun(guesses[0].Offset, place.Marker, Math.Max(0, guesses[0].Stated));
    }

    private SavedRecords Known(in BlockPlace place, long from, long to, long stated)
    {
        SavedRecords exact = Exactly(place, from, to);
        return exact.IsAll ? exact : Begun(from, to, stated);
    }

    /// <summary>Saves all of the data if it consists of complete records and nothing else.</summary>
    private SavedRecords Exactly(in BlockPlace place, long from, long to)
    {
        if (to - from is not (> 0 and <= ContainerReader.MaxBlock))
            return SavedRecords.Nothing;
        ReadOnlySpan<byte> data = reader.Bytes(from, (int)(to - from));
        if (ZeroPages.First(data, from, reader.Length) < data.Length)
            return SavedRecords.Nothing;
        RecordCount count = check.Count(data, int.MaxValue, out ReadOnlySpan<byte> decoded, out bool isExact);
        return isExact && count.Records > 0 ? new SavedRecords(count.Records, data.ToArray(), true, place.Bytes, Times(decoded, count)) : SavedRecords.Nothing;
    }

    /// <summary>Saves the complete records at the start, at most the stated number.</summary>
    private SavedRecords Begun(long from, long to, long stated)
    {
        if (to - from is not (> 0 and <= ContainerReader.MaxBlock) || !IBlockCodec.IsWritten(reader.Header.Codec))
            return SavedRecords.Nothing;
        ReadOnlySpan<byte> data = reader.Bytes(from, (int)(to - from));
        data = data[..ZeroPages.First(data, from, reader.Length)];
        RecordCount count = check.Count(data, stated, out ReadOnlySpan<byte> decoded, out _);
        return count.Records == 0 ? SavedRecords.Nothing : new SavedRecords(count.Records, Encode(decoded[..count.Length]), false, check.IsPlain ? count.Length : 0, Times(decoded, count));
    }

    /// <summary>Returns the time field of the first and the last record.</summary>
    public (long? First, long? Last) Times(ReadOnlySpan<byte> decoded, in RecordCount count)
    {
        if (_time is null || count.Records == 0)
            return default;
        long? first = _time.TryRead(decoded, out long ns) ? ns : null;
        return (first, _time.TryRead(decoded[count.Last..], out ns) ? ns : null);
    }

    private byte[] Encode(ReadOnlySpan<byte> records)
    {
        using IBlockCodec codec = IBlockCodec.For(reader.Header.Codec)!;
        BlockData data = codec.Encode(new BlockData(records, default));
        return [.. data.First, .. data.Second];
    }
}
