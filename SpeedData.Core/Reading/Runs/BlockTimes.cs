using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Runs;

/// <summary>The time of receipt of a block's records, from its index entry, or from the records' own time without an index.</summary>
internal readonly record struct BlockTimes(long First, long Last, long Records, long Bytes, IndexEntry? Entry)
{
    public long? Ordinal => Entry?.Ordinal;

    public long Lost => Entry?.Lost ?? 0;

    /// <summary>Returns the blocks of a file whose times are known.</summary>
    public static IEnumerable<BlockTimes> Of(OpenArchive file, CancellationToken stop)
    {
        using var blocks = new FileBlocks(file, default, ByteRange.All, stop);
        BlockDecoder? decoder = null;
        while (blocks.MoveNext())
        {
            IndexedBlock block = blocks.Current;
            long bytes = block.Frame.End - block.Frame.Offset;
            if (block.Entry is { ReceivedFirstNs: { } first, ReceivedLastNs: { } last })
                yield return new BlockTimes(first, last, block.Frame.Records, bytes, block.Entry);
            else if (DeviceTimes(file, decoder ??= BlockDecoder.For(file.Reader.Header.Codec), block.Frame) is { } span)
                yield return new BlockTimes(span.First, span.Last, block.Frame.Records, bytes, block.Entry);
        }
    }

    /// <summary>Returns the losses of the block, by burst if known.</summary>
    public IEnumerable<Gap> Losses(long? before, string why)
    {
        if (Entry is not { Lost: > 0 } entry)
            yield break;
        if (!entry.HasBursts)
            yield return new Gap(before ?? First, Last, entry.Lost, why);
        long from = before ?? First;
        foreach (IndexBurst burst in entry.Bursts)
        {
            if (burst.LostBefore > 0)
                yield return new Gap(from, burst.ReceivedNs, burst.LostBefore, why);
            from = burst.ReceivedNs;
        }
    }

    private static (long First, long Last)? DeviceTimes(OpenArchive file, BlockDecoder? decoder, BlockFrame frame)
    {
        if (file.Layout is not { } layout || file.Time is not { } time || decoder is null || frame.Records < 1
            || decoder.Decode(file.Reader.Data(frame), out ReadOnlySpan<byte> decoded) != DecodeOutcome.Whole)
            return null;
        RecordCount count = RecordCount.Of(layout, decoded, frame.Records);
        return count.Records == frame.Records && time.TryRead(decoded, out long first) && time.TryRead(decoded[count.Last..], out long last) ? (first, last) : null;
    }
}
