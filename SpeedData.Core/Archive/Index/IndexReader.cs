using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Reads an index, which may be anything: what its own framing and schema hold is taken, the rest left. Throws only what the
/// device does (<see cref="IOException"/>). One thread.
/// </summary>
public sealed class IndexReader
{
    private const int MaxEntry = 64 << 20;

    private static readonly RecordLayout Layout = FileSchema.Compile(IndexSchema.Text);

    private IndexReader(IReadOnlyList<IndexEntry> entries, uint headerCrc, long wholeBytes, bool isWhole)
    {
        Entries = entries;
        HeaderCrc = headerCrc;
        WholeBytes = wholeBytes;
        IsWhole = isWhole;
    }

    /// <summary>Up to the first fault, in the order of the file.</summary>
    public IReadOnlyList<IndexEntry> Entries { get; }

    /// <summary>CRC-32C of the archive's header.</summary>
    public uint HeaderCrc { get; }

    /// <summary>Bytes of the index up to its first fault.</summary>
    public long WholeBytes { get; }

    /// <summary>Whether it was read to its end.</summary>
    public bool IsWhole { get; }

    /// <returns>Null if it is no index of this kind.</returns>
    public static IndexReader? Read(IByteSource source)
    {
        ContainerReader? reader = ContainerReader.Open(source, out _);
        if (reader is null || !IsIndex(reader.Header, out uint headerCrc))
            return null;
        var entries = new List<IndexEntry>();
        long at = reader.Header.Length;
        while (at < reader.Length && TryEntry(reader, at, out long end) is { } entry)
        {
            entries.Add(entry);
            at = end;
        }

        return new IndexReader(entries, headerCrc, at, at == reader.Length);
    }

    /// <summary>Whether a container file is an index of this kind.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="headerCrc">CRC-32C of the header of the archive it belongs to.</param>
    internal static bool IsIndex(ContainerHeader header, out uint headerCrc)
    {
        headerCrc = 0;
        return header.Schema == IndexSchema.Text && header.Codec == "null"
            && uint.TryParse(header.Text(IndexSchema.HeaderCrcKey), NumberStyles.None, CultureInfo.InvariantCulture, out headerCrc);
    }

    /// <param name="record">Data of a block of an index, which may be anything.</param>
    /// <returns>Null if it is not one entry.</returns>
    internal static IndexEntry? Decode(ReadOnlySpan<byte> record) =>
        Layout.Check(record) == RecordFaultKind.None ? new Decoder(record).Entry() : null;

    private static IndexEntry? TryEntry(ContainerReader reader, long at, out long end)
    {
        ContainerFault? fault = reader.ReadFrame(at, out BlockFrame frame);
        end = frame.End;
        if (fault is not null || frame.Records != 1 || frame.DataLength > MaxEntry)
            return null;
        return Decode(reader.Data(frame));
    }

    /// <summary>Takes a record of the index' schema apart that was checked before.</summary>
    private ref struct Decoder(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        public IndexEntry Entry()
        {
            var entry = new IndexEntry
            {
                Offset = Long(),
                Bytes = Long(),
                Records = Long(),
                Ordinal = OptionalLong(),
                ReceivedFirstNs = OptionalLong(),
                ReceivedLastNs = OptionalLong(),
                DeviceFirstNs = OptionalLong(),
                DeviceLastNs = OptionalLong(),
                Lost = OptionalLong(),
                Dropped = Long() == 0 ? null : new IndexDrops(Long(), Long(), Long(), Long(), Long(), Long()),
            };
            for (long count = BlockCount(); count > 0; count = BlockCount())
            {
                for (; count > 0; count--)
                    entry.Sources.Add(new IndexSource(Address(), (ushort)Long()));
            }

            entry.Crc32C = (uint)Long();
            entry.HasBursts = Long() != 0;
            if (entry.HasBursts)
                ReadBursts(entry.Bursts, entry.ReceivedFirstNs ?? 0);
            return entry;
        }

        private void ReadBursts(List<IndexBurst> bursts, long timeNs)
        {
            for (long count = BlockCount(); count > 0; count = BlockCount())
            {
                for (; count > 0; count--)
                    bursts.Add(new IndexBurst(timeNs += Long(), (int)Long(), (int)Long(), Long()));
            }
        }

        private long BlockCount()
        {
            long count = Long();
            if (count < 0)
                Long();
            return Math.Abs(count);
        }

        private uint Address()
        {
            int length = (int)Long();
            ReadOnlySpan<byte> text = _bytes.Slice(_at, length);
            _at += length;
            return IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork
                ? BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes())
                : 0;
        }

        private long? OptionalLong() => Long() == 0 ? null : Long();

        private long Long()
        {
            int length = Varint.Measure(_bytes[_at..]);
            long value = Varint.Decode(_bytes.Slice(_at, length));
            _at += length;
            return value;
        }
    }
}
