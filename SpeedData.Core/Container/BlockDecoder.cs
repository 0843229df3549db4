using System.IO.Compression;
using ZstdSharp;

namespace SpeedData.Core.Container;

/// <summary>How far the data of a block could be decoded.</summary>
public enum DecodeOutcome
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>What came before a fault or the end of the data.</summary>
    Partial,

    /// <summary>It would be larger than <see cref="BlockDecoder.MaxDecoded"/>.</summary>
    TooLarge,
}

/// <summary>
/// Decodes the data of blocks that may be anything, also as much as there is of a block that is cut. Bounded in memory,
/// whatever a compressed block claims; throws nothing. Keeps its buffer from block to block. One thread.
/// </summary>
public sealed class BlockDecoder
{
    /// <summary>Bytes that a block may decode to.</summary>
    public const int MaxDecoded = 256 << 20;

    private const int FirstBuffer = 256 << 10;

    private readonly Func<Stream, Stream>? _open;
    private byte[] _buffer = [];

    private BlockDecoder(string codec, Func<Stream, Stream>? open)
    {
        Codec = codec;
        _open = open;
    }

    public string Codec { get; }

    /// <summary>Whether data is stored as it is.</summary>
    public bool IsPlain => _open is null;

    /// <returns>Null for a codec that is not known here.</returns>
    public static BlockDecoder? For(string codec) => codec switch
    {
        "null" => new BlockDecoder(codec, null),
        "deflate" => new BlockDecoder(codec, data => new DeflateStream(data, CompressionMode.Decompress)),
        "zstandard" => new BlockDecoder(codec, data => new DecompressionStream(data)),
        _ => null,
    };

    /// <param name="stored">The data as it lies in the file.</param>
    /// <param name="decoded">What it means; valid until the next call, or as long as <paramref name="stored"/>.</param>
    public unsafe DecodeOutcome Decode(ReadOnlySpan<byte> stored, out ReadOnlySpan<byte> decoded)
    {
        decoded = stored;
        if (_open is null)
            return DecodeOutcome.Whole;
        if (stored.IsEmpty)
            return DecodeOutcome.Partial;
        fixed (byte* bytes = stored)
        {
            using var data = new UnmanagedMemoryStream(bytes, stored.Length);
            int length = 0;
            DecodeOutcome outcome = Read(data, ref length);
            decoded = _buffer.AsSpan(0, length);
            return outcome;
        }
    }

    private DecodeOutcome Read(UnmanagedMemoryStream data, ref int length)
    {
        try
        {
            using Stream plain = _open!(data);
            while (true)
            {
                if (length == _buffer.Length && !TryGrow())
                    return plain.ReadByte() < 0 ? DecodeOutcome.Whole : DecodeOutcome.TooLarge;
                int read = plain.Read(_buffer, length, _buffer.Length - length);
                if (read == 0)
                    return data.Position == data.Length ? DecodeOutcome.Whole : DecodeOutcome.Partial;
                length += read;
            }
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException or IOException)
        {
            return DecodeOutcome.Partial;
        }
    }

    private bool TryGrow()
    {
        if (_buffer.Length >= MaxDecoded)
            return false;
        Array.Resize(ref _buffer, Math.Clamp(_buffer.Length * 2, FirstBuffer, MaxDecoded));
        return true;
    }
}
