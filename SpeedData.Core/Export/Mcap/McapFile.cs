namespace SpeedData.Core.Export.Mcap;

/// <summary>
/// Writes an MCAP file (mcap.dev/spec, version 0): header, metadata, chunks with their message indexes, then the summary that readers read
/// first. Writes only forward, so that the output can be a pipe. One thread.
/// </summary>
/// <param name="topics">All topics of the file.</param>
/// <param name="output">The stream that receives the file.</param>
internal sealed class McapFile(IReadOnlyList<McapTopic> topics, Stream output)
{
    public const string Compression = "zstd";

    private static readonly byte[] Magic = [0x89, (byte)'M', (byte)'C', (byte)'A', (byte)'P', (byte)'0', (byte)'\r', (byte)'\n'];

    private readonly RowText _text = new();
    private readonly McapSummary _summary = new(topics);
    private long _position;

    /// <param name="library">Name of the writing library.</param>
    /// <param name="metadata">Metadata of the file.</param>
    public void Begin(string library, IReadOnlyDictionary<string, string> metadata)
    {
        _text.Put(Magic);
        int header = _text.BeginRecord(McapOpcode.Header);
        _text.PutText("");
        _text.PutText(library);
        _text.EndRecord(header);
        Flush();
        int content = _text.BeginRecord(McapOpcode.Metadata);
        _text.PutText(McapSummary.MetadataName);
        _text.PutMap(metadata);
        _text.EndRecord(content);
        _summary.Metadata = (_position, _text.Length);
        Flush();
        // Readers that read from the start, or whose file lost its end, find the schemas and channels here.
        _summary.PutSchemas(_text);
        _summary.PutChannels(_text);
        Flush();
    }

    /// <returns>The number of messages in the chunk.</returns>
    public long Write(McapChunk chunk)
    {
        int content = _text.BeginRecord(McapOpcode.Chunk);
        _text.PutLong(chunk.FirstNs);
        _text.PutLong(chunk.LastNs);
        _text.PutLong(chunk.Bytes);
        _text.PutInt(chunk.Crc);
        _text.PutText(Compression);
        _text.PutLong(chunk.Packed.Length);
        _text.Put(chunk.Packed);
        _text.EndRecord(content);
        var written = new McapSummary.ChunkPlace(chunk.FirstNs, chunk.LastNs, _position, _text.Length, chunk.Packed.Length, chunk.Bytes);
        Flush();
        written = written with { Indexes = Indexes(chunk), IndexBytes = _text.Length };
        Flush();
        _summary.Add(written);
        return chunk.Order.Count;
    }

    public void End()
    {
        int content = _text.BeginRecord(McapOpcode.DataEnd);
        // No checksum of the whole data section, because each chunk has its own.
        _text.PutInt(0);
        _text.EndRecord(content);
        Flush();
        _summary.Put(_text, _position);
        _text.Put(Magic);
        Flush();
        output.Flush();
    }

    private (int Topic, long Offset)[] Indexes(McapChunk chunk)
    {
        var places = new List<(int, long)>();
        for (int i = 0; i < topics.Count; i++)
        {
            List<McapEntry> entries = chunk.Entries[i];
            if (entries.Count == 0)
                continue;
            places.Add((topics[i].Number, _position + _text.Length));
            _summary.Count(i, entries.Count);
            int content = _text.BeginRecord(McapOpcode.MessageIndex);
            _text.PutShort(topics[i].Number);
            _text.PutCounted(() =>
            {
                foreach (McapEntry entry in entries)
                {
                    _text.PutLong(entry.LogNs);
                    _text.PutLong(entry.Offset);
                }
            });
            _text.EndRecord(content);
        }

        return [.. places];
    }

    private void Flush()
    {
        output.Write(_text.Written);
        _position += _text.Length;
        _text.Clear();
    }
}
