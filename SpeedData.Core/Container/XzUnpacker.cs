using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using SharpCompress.Compressors.LZMA;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>
/// Avro's <c>xz</c>: one .xz stream ("The .xz File Format", version 1.2). Finds the blocks through the stream's index and unpacks them
/// with the library's LZMA2. A stream without its end cannot be decoded. The dictionary is no larger than the rest of the output.
/// </summary>
internal sealed class XzUnpacker(int most) : IUnpacker
{
    private const int HeaderLength = 12, MostPerByte = 8192;
    private const byte Lzma2 = 0x21, Crc32Check = 1, Crc64Check = 4, Sha256Check = 10;

    private static readonly Crc64ParameterSet Crc64OfXz = Crc64ParameterSet.Create(0x42F0_E1EB_A9EA_3693, ulong.MaxValue, ulong.MaxValue, reflectValues: true);

    private static ReadOnlySpan<byte> Magic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    private static ReadOnlySpan<byte> CheckLengths => [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

    public DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece)
    {
        piece = stored.Length;
        if (!stored.StartsWith(Magic[..Math.Min(stored.Length, Magic.Length)]))
            return DecodeOutcome.Corrupt;
        try
        {
            return XzIndex.TryRead(stored, out List<XzBlock> blocks, out int end) ? Unpack(stored[..end], blocks, into) : DecodeOutcome.Truncated;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // For damaged bytes the library may throw any exception.
            return DecodeOutcome.Corrupt;
        }
    }

    private DecodeOutcome Unpack(ReadOnlySpan<byte> stored, List<XzBlock> blocks, DecodeBuffer into)
    {
        int check = stored[7];
        if (stored[6] != 0 || check >= CheckLengths.Length || Crc32.HashToUInt32(stored.Slice(6, 2)) != BinaryPrimitives.ReadUInt32LittleEndian(stored[8..]))
            return DecodeOutcome.Corrupt;
        int at = HeaderLength;
        foreach (XzBlock block in blocks)
        {
            if (block.Unpacked > most - into.Length)
                return DecodeOutcome.TooLarge;
            long padding = -block.Stored & 3;
            if (block.Stored > stored.Length - at - padding || !Unpack(stored.Slice(at, (int)(block.Stored + padding)), (int)padding, check, (int)block.Unpacked, into))
                return DecodeOutcome.Corrupt;
            at += (int)(block.Stored + padding);
        }

        return at == stored.Length ? DecodeOutcome.Whole : DecodeOutcome.Corrupt;
    }

    private static bool Unpack(ReadOnlySpan<byte> block, int padding, int check, int unpacked, DecodeBuffer into)
    {
        int headerLength = (block[0] + 1) * 4;
        ReadOnlySpan<byte> header = block[..headerLength];
        if (Crc32.HashToUInt32(header[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(header[^4..]) || DictionaryOf(header) is not { } dictionary)
            return false;
        ReadOnlySpan<byte> data = block[headerLength..^(CheckLengths[check] + padding)];
        if (unpacked > (long)MostPerByte * (data.Length + 1))
            return false;
        int before = into.Length;
        return Read(data, Math.Min(dictionary, Smallest(unpacked)), unpacked, into) && IsRight(into.Bytes[before..], check, block[^CheckLengths[check]..]);
    }

    /// <summary>Returns the property of the one supported filter; null for other filters.</summary>
    private static byte? DictionaryOf(ReadOnlySpan<byte> header)
    {
        int at = 2;
        const int FiltersAndReserved = 0x3F, HasStored = 0x40, HasUnpacked = 0x80;
        if ((header[1] & FiltersAndReserved) != 0)
            return null;
        for (int sizes = (header[1] & HasStored) / HasStored + (header[1] & HasUnpacked) / HasUnpacked; sizes > 0; sizes--)
            Varint.ReadUnsigned(header, ref at);
        return header[at] == Lzma2 && header[at + 1] == 1 && header[at + 2] <= 40 ? header[at + 2] : null;
    }

    /// <summary>Returns the property of the smallest dictionary for this size.</summary>
    private static byte Smallest(int bytes)
    {
        byte property = 0;
        while (property < 40 && (2L | (property & 1L)) << ((property / 2) + 11) < bytes)
            property++;
        return property;
    }

    private static unsafe bool Read(ReadOnlySpan<byte> data, byte dictionary, int unpacked, DecodeBuffer into)
    {
        fixed (byte* bytes = data)
        {
            using var source = new UnmanagedMemoryStream(bytes, data.Length);
            using LzmaStream stream = LzmaStream.Create([dictionary], source, data.Length, unpacked, null, true, true);
            int left = unpacked;
            while (left > 0)
            {
                Span<byte> room = into.Room();
                int read = stream.Read(room[..Math.Min(left, room.Length)]);
                if (read <= 0)
                    return false;
                into.Add(read);
                left -= read;
            }

            return true;
        }
    }

    private static bool IsRight(ReadOnlySpan<byte> unpacked, int check, ReadOnlySpan<byte> stated) => check switch
    {
        Crc32Check => Crc32.HashToUInt32(unpacked) == BinaryPrimitives.ReadUInt32LittleEndian(stated),
        Crc64Check => Crc64.HashToUInt64(Crc64OfXz, unpacked) == BinaryPrimitives.ReadUInt64LittleEndian(stated),
        Sha256Check => SHA256.HashData(unpacked).AsSpan().SequenceEqual(stated),
        _ => true,
    };
}
