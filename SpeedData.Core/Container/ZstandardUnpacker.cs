using System.Buffers.Binary;
using ZstdSharp.Unsafe;

namespace SpeedData.Core.Container;

/// <summary>
/// Avro's <c>zstandard</c>: consecutive frames of RFC 8878. It uses zstd's own interface, because only that reports where a frame
/// ends. Like the zstd command, it refuses a frame that needs a window of more than 128 MiB.
/// </summary>
internal sealed unsafe class ZstandardUnpacker : IUnpacker
{
    private const int Piece = 64 << 10;
    private const uint FrameMagic = 0xFD2F_B528, SkippedMagic = 0x184D_2A50, SkippedMask = 0xFFFF_FFF0;

    public DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece)
    {
        ZSTD_DCtx_s* context = Methods.ZSTD_createDCtx();
        try
        {
            return Unpack(context, stored, singlyFrom, into, out piece);
        }
        finally
        {
            Methods.ZSTD_freeDCtx(context);
        }
    }

    private static DecodeOutcome Unpack(ZSTD_DCtx_s* context, ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece)
    {
        int at = 0, frame = 0;
        while (true)
        {
            piece = at;
            Span<byte> room = into.Room();
            if (room.IsEmpty)
                return DecodeOutcome.TooLarge;
            int end = at < singlyFrom ? Math.Min(at + Piece, singlyFrom) : Math.Min(at + 1, stored.Length);
            nuint wanted = Step(context, stored[at..end], room, out int read, out int written);
            if (Methods.ZSTD_isError(wanted))
                return IsFrame(stored[frame..]) ? DecodeOutcome.Corrupt : NoFrame(frame);
            at += read;
            into.Add(written);
            if (wanted == 0)
                frame = at;
            if (at == frame && at == stored.Length && at > 0)
                return DecodeOutcome.Whole;
            // If the room is filled to its end, more output may follow without any input.
            if (at == stored.Length && written < room.Length)
                return IsFrame(stored[frame..]) ? DecodeOutcome.Truncated : NoFrame(frame);
        }
    }

    private static nuint Step(ZSTD_DCtx_s* context, ReadOnlySpan<byte> from, Span<byte> room, out int read, out int written)
    {
        fixed (byte* source = from, target = room)
        {
            var input = new ZSTD_inBuffer_s { src = source, size = (nuint)from.Length, pos = 0 };
            var output = new ZSTD_outBuffer_s { dst = target, size = (nuint)room.Length, pos = 0 };
            nuint wanted = Methods.ZSTD_decompressStream(context, &output, &input);
            (read, written) = ((int)input.pos, (int)output.pos);
            return wanted;
        }
    }

    private static DecodeOutcome NoFrame(int before) => before > 0 ? DecodeOutcome.Trailing : DecodeOutcome.Corrupt;

    /// <summary>Whether the bytes are the beginning of a frame, or may continue to be one.</summary>
    private static bool IsFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(uint))
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            return magic == FrameMagic || (magic & SkippedMask) == SkippedMagic;
        }

        Span<byte> frame = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, FrameMagic);
        return frame.StartsWith(bytes);
    }
}
