using SpeedData.Core.Container;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export;

/// <summary>Copies the records of a channel unchanged into one container file per schema.</summary>
public sealed class AvroCopy(ChannelSelection channel, long every, CancellationToken stop)
{
    private const int BlockBytes = 256 << 10;

    /// <summary>The schemas of the channel, in the order in which they were recorded.</summary>
    public IReadOnlyList<string> Schemas { get; } = channel.SchemaTexts;

    /// <param name="schema">The schema whose records are copied.</param>
    /// <param name="output">The stream that receives the file.</param>
    /// <param name="progress">Called with the bytes read and the records written so far.</param>
    public ExportResult Run(string schema, Stream output, Action<long, long>? progress)
    {
        ArgumentNullException.ThrowIfNull(output);
        byte[] sync = ContainerHeader.NewSync();
        output.Write(ContainerHeader.Encode([(ContainerHeader.SchemaKey, schema), (ContainerHeader.CodecKey, "null"), ("speeddata.channel", channel.Name)], sync));
        using var filter = new RecordFilter(channel.Only(file => file.Schema == schema), every, stop);
        var block = new MemoryStream(2 * BlockBytes);
        (long records, long inBlock) = (0, 0);
        while (filter.MoveNext())
        {
            block.Write(filter.Record);
            inBlock++;
            if (block.Length < BlockBytes)
                continue;
            Write(block, inBlock, sync, output);
            records += inBlock;
            inBlock = 0;
            progress?.Invoke(filter.BytesDone, records);
        }

        Write(block, inBlock, sync, output);
        output.Flush();
        return new ExportResult(records + inBlock, filter.Damaged);
    }

    private static void Write(MemoryStream block, long records, byte[] sync, Stream output)
    {
        if (records == 0)
            return;
        Span<byte> numbers = stackalloc byte[2 * Varint.MaxBytes];
        int length = Varint.Write(numbers, records);
        length += Varint.Write(numbers[length..], block.Length);
        output.Write(numbers[..length]);
        output.Write(block.GetBuffer().AsSpan(0, (int)block.Length));
        output.Write(sync);
        block.SetLength(0);
    }
}
