namespace SpeedData.Core.Container;

/// <summary>
/// Decodes block data that may be any bytes, including a cut-off block. Its memory is bounded whatever a compressed block claims, and
/// it throws nothing. Reuses its buffer. One thread.
/// </summary>
public sealed class BlockDecoder
{
    /// <summary>Avro's names of the supported codecs.</summary>
    public const string Codecs = "null, deflate, snappy, zstandard, bzip2 and xz";

    /// <summary>The largest size that a block may decode to, in bytes.</summary>
    public const int MaxDecoded = 256 << 20;

    private readonly IUnpacker? _unpacker;
    private readonly DecodeBuffer _buffer;

    private BlockDecoder(string codec, IUnpacker? unpacker, int most)
    {
        Codec = codec;
        _unpacker = unpacker;
        _buffer = new DecodeBuffer(most);
    }

    public string Codec { get; }

    /// <summary>Whether data is stored uncompressed.</summary>
    public bool IsPlain => _unpacker is null;

    /// <param name="codec">Avro's name of the codec.</param>
    /// <returns>Null for a codec that is not supported.</returns>
    public static BlockDecoder? For(string codec) => For(codec, MaxDecoded);

    /// <param name="codec">Avro's name of the codec.</param>
    /// <param name="most">The largest size that a block may decode to, in bytes.</param>
    internal static BlockDecoder? For(string codec, int most) => codec switch
    {
        "null" => new BlockDecoder(codec, null, most),
        "deflate" => new BlockDecoder(codec, new DeflateUnpacker(), most),
        "zstandard" => new BlockDecoder(codec, new ZstandardUnpacker(), most),
        "bzip2" => new BlockDecoder(codec, new Bzip2Unpacker(), most),
        "xz" => new BlockDecoder(codec, new XzUnpacker(most), most),
        "snappy" => new BlockDecoder(codec, new SnappyUnpacker(most), most),
        _ => null,
    };

    /// <param name="stored">The data as stored in the file.</param>
    /// <param name="decoded">
    /// The decoded data, as far as decoding succeeded; valid until the next call, or as long as <paramref name="stored"/>.
    /// </param>
    public DecodeOutcome Decode(ReadOnlySpan<byte> stored, out ReadOnlySpan<byte> decoded)
    {
        decoded = stored;
        if (_unpacker is null)
            return DecodeOutcome.Whole;
        // After a fault the codec loses what it had decoded of that piece. The piece is therefore decoded again, byte by byte.
        DecodeOutcome outcome = Unpack(stored, stored.Length, out int piece);
        if (outcome == DecodeOutcome.Corrupt)
            Unpack(stored, piece, out _);
        decoded = _buffer.Bytes;
        return outcome;
    }

    private DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, out int piece)
    {
        _buffer.Clear();
        return _unpacker!.Unpack(stored, singlyFrom, _buffer, out piece);
    }
}

/// <summary>Decodes the stream of a codec. One thread.</summary>
internal interface IUnpacker
{
    /// <param name="stored">The stored bytes; may be any bytes.</param>
    /// <param name="singlyFrom">The position from which bytes are taken one by one.</param>
    /// <param name="into">Receives the decoded bytes.</param>
    /// <param name="piece">The position of the piece that was taken last.</param>
    DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece);
}
