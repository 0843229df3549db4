using SpeedData.Core.Configuration;

namespace SpeedData.Core.Container;

/// <summary>A codec of Avro's object container files. Used by the writer thread only; reuses its buffers for each block.</summary>
internal interface IBlockCodec : IDisposable
{
    /// <summary>Avro's name of the codec, as in the header's <c>avro.codec</c>.</summary>
    string Name { get; }

    /// <summary>Encodes a block for the file. The result is valid until the next call, or as long as <paramref name="block"/>.</summary>
    BlockData Encode(BlockData block);

    /// <summary>Whether blocks can be written with a codec.</summary>
    static bool IsWritten(string codec)
    {
        using IBlockCodec? known = For(codec);
        return known is not null;
    }

    static IBlockCodec For(ArchiveCodec codec) => codec switch
    {
        ArchiveCodec.Null => new NullCodec(),
        ArchiveCodec.Deflate => new DeflateCodec(),
        ArchiveCodec.Zstandard => new ZstandardCodec(),
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, null),
    };

    /// <returns>Null for a codec that cannot be written.</returns>
    static IBlockCodec? For(string codec) => codec switch
    {
        "null" => new NullCodec(),
        "deflate" => new DeflateCodec(),
        "zstandard" => new ZstandardCodec(),
        "snappy" => new SnappyCodec(),
        _ => null,
    };
}

/// <summary>Leaves blocks unchanged: they are written directly from the ring.</summary>
internal sealed class NullCodec : IBlockCodec
{
    public string Name => "null";

    public BlockData Encode(BlockData block) => block;

    public void Dispose()
    {
    }
}
