using System.Buffers.Binary;
using System.IO.Hashing;
using SpeedData.Core.Reading.Columns;
using ZstdSharp;

namespace SpeedData.Core.Export.Mcap;

/// <summary>The position of a message in its chunk.</summary>
internal readonly record struct McapEntry(long LogNs, long Offset);

/// <summary>Collects rows of all topics in time order and encodes them as a chunk. One thread at a time.</summary>
/// <param name="topics">All topics.</param>
internal sealed class McapChunk(IReadOnlyList<McapTopic> topics) : IDisposable
{
    // The same level as in the archive: a higher one takes more time and saves little.
    private const int Level = 1;

    private readonly Compressor _compressor = new(Level);
    private readonly RowText _records = new();
    private byte[] _packed = [];
    private int _packedLength;

    /// <summary>The rows of each topic.</summary>
    public IReadOnlyList<ColumnBatch> Rows { get; } = [.. topics.Select(topic => new ColumnBatch(topic.Shape.Columns))];

    /// <summary>The rows of all topics in output order.</summary>
    public List<McapRow> Order { get; } = [];

    /// <summary>The positions of the messages of each topic.</summary>
    public IReadOnlyList<List<McapEntry>> Entries { get; } = [.. topics.Select(_ => new List<McapEntry>())];

    public long FirstNs { get; private set; }

    public long LastNs { get; private set; }

    public long Bytes => _records.Length;

    public uint Crc { get; private set; }

    /// <summary>The compressed records of the chunk.</summary>
    public ReadOnlySpan<byte> Packed => _packed.AsSpan(0, _packedLength);

    public void Clear()
    {
        Order.Clear();
        foreach (ColumnBatch rows in Rows)
            rows.Clear();
    }

    /// <summary>Encodes the rows as messages and compresses them.</summary>
    public void Encode()
    {
        _records.Clear();
        foreach (List<McapEntry> entries in Entries)
            entries.Clear();
        (FirstNs, LastNs) = (Order[0].LogNs, Order[0].LogNs);
        foreach (McapRow row in Order)
        {
            (FirstNs, LastNs) = (Math.Min(FirstNs, row.LogNs), Math.Max(LastNs, row.LogNs));
            Entries[row.Topic].Add(new McapEntry(row.LogNs, _records.Length));
            Message(row);
        }

        Crc = Crc32.HashToUInt32(_records.Written);
        int bound = Compressor.GetCompressBound(_records.Length);
        if (_packed.Length < bound)
            _packed = GC.AllocateUninitializedArray<byte>(bound);
        _packedLength = _compressor.Wrap(_records.Written, _packed);
    }

    public void Dispose() => _compressor.Dispose();

    private void Message(in McapRow row)
    {
        int content = _records.BeginRecord(McapOpcode.Message);
        Span<byte> head = _records.Room(22);
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)topics[row.Topic].Number);
        BinaryPrimitives.WriteUInt32LittleEndian(head[2..], row.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[6..], row.LogNs);
        BinaryPrimitives.WriteInt64LittleEndian(head[14..], row.PublishNs);
        _records.Advance(22);
        topics[row.Topic].Row.Write(Rows[row.Topic].Columns, row.Row, _records);
        _records.EndRecord(content);
    }
}

/// <summary>A row to be written to a chunk.</summary>
/// <param name="Topic">Index of its topic.</param>
/// <param name="Row">Index of the row in the topic's batch.</param>
/// <param name="Sequence">Sequence number in the topic.</param>
/// <param name="LogNs">Time of receipt.</param>
/// <param name="PublishNs">The device's time.</param>
internal readonly record struct McapRow(int Topic, int Row, uint Sequence, long LogNs, long PublishNs);
