using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>Takes the entries of an index apart. Any thread.</summary>
internal static class IndexReader
{
    /// <summary>Bytes of an entry that is looked into; a block of the largest size, of the smallest datagrams, has less.</summary>
    public const int MaxEntry = 64 << 20;

    private static readonly RecordLayout Layout = FileSchema.Compile(IndexSchema.Text);

    /// <summary>Whether a container file is an index of this kind.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="headerCrc">CRC-32C of the header of the archive it belongs to.</param>
    public static bool IsIndex(ContainerHeader header, out uint headerCrc)
    {
        headerCrc = 0;
        return header.Schema == IndexSchema.Text && header.Codec == "null"
            && uint.TryParse(header.Text(IndexSchema.HeaderCrcKey), NumberStyles.None, CultureInfo.InvariantCulture, out headerCrc);
    }

    /// <param name="record">Data of a block of an index, which may be anything.</param>
    /// <returns>Null if it is not one entry.</returns>
    public static IndexEntry? Decode(ReadOnlySpan<byte> record)
    {
        var entry = new IndexEntry();
        return TryDecode(record, entry) ? entry : null;
    }

    /// <summary>The same, into an entry that is used again and again.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> record, IndexEntry into)
    {
        if (Layout.Check(record) != RecordFaultKind.None)
            return false;
        new Decoder(record).Fill(into);
        return true;
    }

    /// <summary>Takes a record of the index' schema apart that was checked before.</summary>
    private ref struct Decoder(ReadOnlySpan<byte> bytes)
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
                    entry.Sources.Add(new IndexSource(Address(), (ushort)Long()));
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
