namespace SpeedData.Core.Container;

/// <summary>
/// Decodes block data that may be anything, also a block that is cut off. Bounded in memory whatever a compressed block claims;
/// throws nothing. Reuses its buffer. One thread.
/// </summary>
public sealed class BlockDecoder
{
    /// <summary>Avro's names of the codecs that are known here.</summary>
    public const string Codecs = "null, deflate, snappy, zstandard, bzip2 and xz";

    /// <summary>Bytes that a block may decode to.</summary>
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

    /// <summary>Whether data is stored as it is.</summary>
    public bool IsPlain => _unpacker is null;

    /// <param name="codec">Avro's name of it.</param>
    /// <returns>Null for a codec that is not known here.</returns>
    public static BlockDecoder? For(string codec) => For(codec, MaxDecoded);

    /// <param name="codec">Avro's name of it.</param>
    /// <param name="most">Bytes that a block may decode to.</param>
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

    /// <param name="stored">The data as it lies in the file.</param>
    /// <param name="decoded">
    /// The decoded data, as far as it can be decoded; valid until the next call, or as long as <paramref name="stored"/>.
    /// </param>
    public DecodeOutcome Decode(ReadOnlySpan<byte> stored, out ReadOnlySpan<byte> decoded)
    {
        decoded = stored;
        if (_unpacker is null)
            return DecodeOutcome.Whole;
        // At a fault the codec loses what it had decoded of that piece: the piece is decoded again, byte by byte.
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
    /// <param name="stored">Bytes that may be anything.</param>
    /// <param name="singlyFrom">From where on the bytes are taken one by one.</param>
    /// <param name="into">Where what they mean goes.</param>
    /// <param name="piece">Where the bytes begin that were taken last.</param>
    DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece);
}
