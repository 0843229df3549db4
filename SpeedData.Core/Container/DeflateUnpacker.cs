using System.IO.Compression;
using System.IO.Hashing;

namespace SpeedData.Core.Container;

/// <summary>
/// Avro's <c>deflate</c>: raw RFC 1951. .NET's DeflateStream reports neither an early end of its input nor leftover bytes. But it
/// stops reading at the end of its stream, so its reads show both.
/// </summary>
internal sealed class DeflateUnpacker : IUnpacker
{
    /// <summary>
    /// The length of the rest that Python's writers leave: they remove zlib's wrapping, but keep the first three bytes of its Adler-32
    /// (<c>zlib.compress(data)[2:-1]</c>, in avro and fastavro).
    /// </summary>
    private const int LeftByPython = 3;

    public unsafe DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece)
    {
        fixed (byte* bytes = stored)
        {
            using var source = new PieceStream(bytes, stored.Length, Math.Min(singlyFrom, stored.Length - LeftByPython - 1));
            DecodeOutcome outcome = Read(source, into);
            piece = source.Piece;
            return outcome == DecodeOutcome.Whole ? Ending(source, stored, into) : outcome;
        }
    }

    private static DecodeOutcome Read(PieceStream source, DecodeBuffer into)
    {
        try
        {
            using var deflate = new DeflateStream(source, CompressionMode.Decompress);
            while (true)
            {
                Span<byte> room = into.Room();
                if (room.IsEmpty)
                    return deflate.ReadByte() < 0 ? DecodeOutcome.Whole : DecodeOutcome.TooLarge;
                int read = deflate.Read(room);
                if (read == 0)
                    return DecodeOutcome.Whole;
                into.Add(read);
            }
        }
        catch (InvalidDataException)
        {
            return DecodeOutcome.Corrupt;
        }
    }

    private static DecodeOutcome Ending(PieceStream source, ReadOnlySpan<byte> stored, DecodeBuffer into)
    {
        if (source.IsExceeded)
            return DecodeOutcome.Truncated;
        ReadOnlySpan<byte> rest = stored[source.Taken..];
        return rest.IsEmpty || IsAdler32(rest, into.Bytes) ? DecodeOutcome.Whole : DecodeOutcome.Trailing;
    }

    private static bool IsAdler32(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> decoded)
    {
        if (rest.Length != LeftByPython)
            return false;
        Span<byte> sum = stackalloc byte[sizeof(uint)];
        Adler32.Hash(decoded, sum); // the highest byte first, as in RFC 1950
        return sum.StartsWith(rest);
    }
}
