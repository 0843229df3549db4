using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Encodes an entry in Avro's binary encoding with <see cref="IndexSchema"/>. Allocates nothing once its buffer has grown.
/// </summary>
internal static class IndexEncoding
{
    public static void Write(IndexEntry entry, EntryBuffer to)
    {
        to.Long(entry.Offset);
        to.Long(entry.Bytes);
        to.Long(entry.Records);
        to.OptionalLong(entry.Ordinal);
        to.OptionalLong(entry.ReceivedFirstNs);
        to.OptionalLong(entry.ReceivedLastNs);
        to.OptionalLong(entry.DeviceFirstNs);
        to.OptionalLong(entry.DeviceLastNs);
        to.OptionalLong(entry.Lost);
        WriteDrops(entry.Dropped, to);
        WriteSources(entry.Sources, to);
        to.Long(entry.Crc32C);
        to.Long(entry.HasBursts ? 1 : 0);
        if (entry.HasBursts)
            WriteBursts(entry.Bursts, entry.ReceivedFirstNs ?? 0, to);
    }

    private static void WriteDrops(IndexDrops? drops, EntryBuffer to)
    {
        to.Long(drops is null ? 0 : 1);
        if (drops is not { } known)
            return;
        to.Long(known.Kernel);
        to.Long(known.Invalid);
        to.Long(known.SourceDenied);
        to.Long(known.RingFull);
        to.Long(known.Disk);
        to.Long(known.Fault);
    }

    private static void WriteSources(List<SourceAddress> sources, EntryBuffer to)
    {
        if (sources.Count > 0)
            to.Long(sources.Count);
        foreach (SourceAddress source in CollectionsMarshal.AsSpan(sources))
        {
            WriteAddress(source.Address, to);
            to.Long(source.Port);
        }

        to.Long(0);
    }

    private static void WriteAddress(UInt128 address, EntryBuffer to)
    {
        Span<byte> bytes = stackalloc byte[SourceAddress.AddressBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        to.Append(bytes);
    }

    private static void WriteBursts(List<IndexBurst> bursts, long timeNs, EntryBuffer to)
    {
        if (bursts.Count > 0)
            to.Long(bursts.Count);
        Span<byte> room = to.RoomForLongs(4 * bursts.Count);
        int length = 0;
        foreach (IndexBurst burst in CollectionsMarshal.AsSpan(bursts))
        {
            length += Varint.Write(room[length..], burst.ReceivedNs - timeNs);
            length += Varint.Write(room[length..], burst.Records);
            length += Varint.Write(room[length..], burst.Source);
            length += Varint.Write(room[length..], burst.LostBefore);
            timeNs = burst.ReceivedNs;
        }

        to.Advance(length);
        to.Long(0);
    }
}
