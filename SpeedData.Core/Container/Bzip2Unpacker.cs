using ICSharpCode.SharpZipLib.BZip2;

namespace SpeedData.Core.Container;

/// <summary>Avro's <c>bzip2</c>: one bzip2 stream, whose blocks have their own checksums.</summary>
internal sealed class Bzip2Unpacker : IUnpacker
{
    public unsafe DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece)
    {
        piece = stored.Length;
        fixed (byte* bytes = stored)
        {
            using var source = new PieceStream(bytes, stored.Length, stored.Length);
            DecodeOutcome outcome = Read(source, into);
            return outcome == DecodeOutcome.TooLarge ? outcome
                : source.IsExceeded ? DecodeOutcome.Truncated
                : outcome == DecodeOutcome.Whole && source.Taken < stored.Length ? DecodeOutcome.Trailing
                : outcome;
        }
    }

    private static DecodeOutcome Read(PieceStream source, DecodeBuffer into)
    {
        try
        {
            using var unpacked = new BZip2InputStream(source) { IsStreamOwner = false };
            while (true)
            {
                Span<byte> room = into.Room();
                if (room.IsEmpty)
                    return unpacked.ReadByte() < 0 ? DecodeOutcome.Whole : DecodeOutcome.TooLarge;
                int read = unpacked.Read(room);
                if (read <= 0)
                    return DecodeOutcome.Whole;
                into.Add(read);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // For damaged bytes the library may also throw an IndexOutOfRangeException.
            return DecodeOutcome.Corrupt;
        }
    }
}
