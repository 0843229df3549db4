using System.Buffers.Binary;
using System.IO.Hashing;

namespace SpeedData.Core.Export.Mcap;

/// <summary>Writes the end of the file: schemas, channels, statistics, and the positions of chunks and metadata. One thread.</summary>
internal sealed class McapSummary(IReadOnlyList<McapTopic> topics)
{
    public const string MetadataName = "speeddata";

    private const int FooterBytes = sizeof(long) + sizeof(long) + sizeof(uint);

    private readonly List<ChunkPlace> _chunks = [];
    private readonly long[] _messages = new long[topics.Count];

    /// <summary>Position of the file's metadata.</summary>
    public (long Offset, long Bytes) Metadata { get; set; }

    public void Add(ChunkPlace chunk) => _chunks.Add(chunk);

    public void Count(int topic, int messages) => _messages[topic] += messages;

    public void PutSchemas(RowText to)
    {
        foreach (McapTopic topic in topics)
        {
            int content = to.BeginRecord(McapOpcode.Schema);
            to.PutShort(topic.Number);
            to.PutText(topic.Name);
            to.PutText("jsonschema");
            to.PutText(topic.Schema);
            to.EndRecord(content);
        }
    }

    public void PutChannels(RowText to)
    {
        foreach (McapTopic topic in topics)
        {
            int content = to.BeginRecord(McapOpcode.Channel);
            to.PutShort(topic.Number);
            to.PutShort(topic.Number);
            to.PutText(topic.Topic);
            to.PutText("json");
            to.PutMap(new Dictionary<string, string>());
            to.EndRecord(content);
        }
    }

    /// <summary>Writes the summary, the offsets of its groups, and the footer.</summary>
    /// <param name="to">An empty buffer.</param>
    /// <param name="begin">Offset of the summary in the file.</param>
    public void Put(RowText to, long begin)
    {
        var groups = new List<(McapOpcode Opcode, long Offset, long Bytes)>();
        foreach ((McapOpcode opcode, Action put) in Groups(to))
        {
            int at = to.Length;
            put();
            if (to.Length > at)
                groups.Add((opcode, begin + at, to.Length - at));
        }

        long offsets = begin + to.Length;
        foreach ((McapOpcode opcode, long offset, long bytes) in groups)
        {
            int content = to.BeginRecord(McapOpcode.SummaryOffset);
            to.Put((byte)opcode);
            to.PutLong(offset);
            to.PutLong(bytes);
            to.EndRecord(content);
        }

        PutFooter(to, begin, offsets);
    }

    private IEnumerable<(McapOpcode Opcode, Action Put)> Groups(RowText to) =>
    [
        (McapOpcode.Schema, () => PutSchemas(to)),
        (McapOpcode.Channel, () => PutChannels(to)),
        (McapOpcode.Statistics, () => PutStatistics(to)),
        (McapOpcode.ChunkIndex, () => _chunks.ForEach(chunk => PutChunk(to, chunk))),
        (McapOpcode.MetadataIndex, () => PutMetadata(to)),
    ];

    private void PutStatistics(RowText to)
    {
        int content = to.BeginRecord(McapOpcode.Statistics);
        to.PutLong(_messages.Sum());
        to.PutShort(topics.Count);
        to.PutInt((uint)topics.Count);
        to.PutInt(0);
        to.PutInt(1);
        to.PutInt((uint)_chunks.Count);
        to.PutLong(_chunks.Count == 0 ? 0 : _chunks.Min(chunk => chunk.FirstNs));
        to.PutLong(_chunks.Count == 0 ? 0 : _chunks.Max(chunk => chunk.LastNs));
        to.PutCounted(() =>
        {
            for (int i = 0; i < topics.Count; i++)
            {
                to.PutShort(topics[i].Number);
                to.PutLong(_messages[i]);
            }
        });
        to.EndRecord(content);
    }

    private static void PutChunk(RowText to, ChunkPlace chunk)
    {
        int content = to.BeginRecord(McapOpcode.ChunkIndex);
        to.PutLong(chunk.FirstNs);
        to.PutLong(chunk.LastNs);
        to.PutLong(chunk.Offset);
        to.PutLong(chunk.Bytes);
        to.PutCounted(() =>
        {
            foreach ((int topic, long offset) in chunk.Indexes)
            {
                to.PutShort(topic);
                to.PutLong(offset);
            }
        });
        to.PutLong(chunk.IndexBytes);
        to.PutText(McapFile.Compression);
        to.PutLong(chunk.PackedBytes);
        to.PutLong(chunk.PlainBytes);
        to.EndRecord(content);
    }

    private void PutMetadata(RowText to)
    {
        int content = to.BeginRecord(McapOpcode.MetadataIndex);
        to.PutLong(Metadata.Offset);
        to.PutLong(Metadata.Bytes);
        to.PutText(MetadataName);
        to.EndRecord(content);
    }

    // The checksum covers the bytes from the start of the summary to the checksum field.
    private static void PutFooter(RowText to, long summary, long offsets)
    {
        int content = to.BeginRecord(McapOpcode.Footer);
        BinaryPrimitives.WriteInt64LittleEndian(to.Put(content - sizeof(long), sizeof(long)), FooterBytes);
        to.PutLong(summary);
        to.PutLong(offsets);
        to.PutInt(Crc32.HashToUInt32(to.Written));
    }

    /// <summary>The position and content of a chunk in the file.</summary>
    internal sealed record ChunkPlace(long FirstNs, long LastNs, long Offset, long Bytes, long PackedBytes, long PlainBytes)
    {
        public IReadOnlyList<(int Topic, long Offset)> Indexes { get; init; } = [];

        /// <summary>Bytes of the chunk's message indexes, which follow the chunk.</summary>
        public long IndexBytes { get; init; }
    }
}
