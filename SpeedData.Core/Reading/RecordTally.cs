namespace SpeedData.Core.Reading;

/// <summary>Counts the records that a reader would return, without reading each of them.</summary>
internal static class RecordTally
{
    /// <param name="channel">The channel to read.</param>
    /// <param name="every">Counts every n-th record.</param>
    /// <param name="stop">Cancels the counting.</param>
    public static long Of(ChannelSelection channel, long every, CancellationToken stop)
    {
        using var blocks = new BlockStream(channel, stop);
        var receipts = new Receipts();
        var test = new RangeTest(channel.Range, blocks, receipts);
        long records = 0;
        while (blocks.MoveNext())
        {
            receipts.Begin(blocks.Entry, blocks.Records);
            records += test.IsWithin() ? Known(blocks, receipts) : Looked(blocks, receipts, test);
        }

        return (records + every - 1) / every;
    }

    private static long Known(BlockStream blocks, Receipts receipts)
    {
        receipts.MoveTo(blocks.Records - 1);
        return blocks.Records;
    }

    private static long Looked(BlockStream blocks, Receipts receipts, RangeTest test)
    {
        long records = 0;
        int at = 0;
        for (long record = 0; record < blocks.Records; record++)
        {
            receipts.MoveTo(record);
            if (test.Holds(record, blocks.Data[at..]))
                records++;
            blocks.File.Layout!.Measure(blocks.Data[at..], out int length);
            at += length;
        }

        return records;
    }
}
