using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Archive.Index;

/// <summary>Decodes the entries of an index with today's schema or the earlier one. Any thread.</summary>
internal sealed class IndexReader
{
    /// <summary>
    /// The largest entry that is read, in bytes. Even the largest block with the smallest datagrams has a smaller entry.
    /// </summary>
    public const int MaxEntry = 64 << 20;

    private static readonly IndexReader Today = new(IndexSchema.Text, addressesAreTexts: false);

    private readonly string _schema;
    private readonly RecordLayout _layout;
    private readonly bool _addressesAreTexts;

    private IndexReader(string schema, bool addressesAreTexts)
    {
        _schema = schema;
        _layout = FileSchema.Compile(schema);
        _addressesAreTexts = addressesAreTexts;
    }

    /// <summary>Whether it reads today's schema.</summary>
    public bool IsOfToday => this == Today;

    /// <summary>Returns the reader for a container file's entries.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="headerCrc">The CRC-32C of the archive's header.</param>
    /// <returns>Null if the file is not an index.</returns>
    public static IndexReader? For(ContainerHeader header, out uint headerCrc)
    {
        headerCrc = 0;
        IndexReader? reader = header.Schema == Today._schema ? Today : header.Schema == IndexSchema.TextOfIPv4Only ? Before.Reader : null;
        bool isIndex = header.Codec == "null" && uint.TryParse(header.Text(IndexSchema.HeaderCrcKey), NumberStyles.None, CultureInfo.InvariantCulture, out headerCrc);
        return isIndex ? reader : null;
    }

    /// <param name="record">The data of an index block; may be any bytes.</param>
    /// <returns>Null if the data is not exactly one entry.</returns>
    public IndexEntry? Decode(ReadOnlySpan<byte> record)
    {
        var entry = new IndexEntry();
        return TryDecode(record, entry) ? entry : null;
    }

    /// <summary>Decodes into an entry that is reused.</summary>
    public bool TryDecode(ReadOnlySpan<byte> record, IndexEntry into)
    {
        if (_layout.Check(record) != RecordFaultKind.None)
            return false;
        new Decoder(record, _addressesAreTexts).Fill(into);
        return true;
    }

    /// <summary>The reader of the earlier schema. It is built only if such an index is read.</summary>
    private static class Before
    {
        public static readonly IndexReader Reader = new(IndexSchema.TextOfIPv4Only, addressesAreTexts: true);
    }

    /// <summary>Decodes a record that was already checked against the index schema.</summary>
    private ref struct Decoder(ReadOnlySpan<byte> bytes, bool addressesAreTexts)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        public void Fill(IndexEntry entry)
        {
            entry.Offset = Long();
            entry.Bytes = Long();
            entry.Records = Long();
            entry.Ordinal = OptionalLong();
            entry.ReceivedFirstNs = OptionalLong();
            entry.ReceivedLastNs = OptionalLong();
            entry.DeviceFirstNs = OptionalLong();
            entry.DeviceLastNs = OptionalLong();
            entry.Lost = OptionalLong();
            entry.Dropped = Long() == 0 ? null : new IndexDrops(Long(), Long(), Long(), Long(), Long(), Long());
            entry.Sources.Clear();
            for (long count = BlockCount(); count > 0; count = BlockCount())
            {
                for (; count > 0; count--)
                    entry.Sources.Add(Source());
            }

            entry.Crc32C = (uint)Long();
            entry.HasBursts = Long() != 0;
            entry.Bursts.Clear();
            if (entry.HasBursts)
                ReadBursts(entry.Bursts, entry.ReceivedFirstNs ?? 0);
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

        private SourceAddress Source() => Address() with { Port = (ushort)Long() };

        private SourceAddress Address()
        {
            if (!addressesAreTexts)
                return new SourceAddress(BinaryPrimitives.ReadUInt128BigEndian(Bytes(SourceAddress.AddressBytes)), 0);
            return IPAddress.TryParse(Bytes((int)Long()), out IPAddress? address) ? SourceAddress.From(address, 0) : SourceAddress.Unknown;
        }

        private ReadOnlySpan<byte> Bytes(int count)
        {
            ReadOnlySpan<byte> bytes = _bytes.Slice(_at, count);
            _at += count;
            return bytes;
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
