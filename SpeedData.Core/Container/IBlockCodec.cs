using SpeedData.Core.Configuration;

namespace SpeedData.Core.Container;

/// <summary>A codec of Avro's object container files. Writer thread only; keeps its buffers from block to block.</summary>
internal interface IBlockCodec : IDisposable
{
    /// <summary>Avro's name for it, as in the header's <c>avro.codec</c>.</summary>
    string Name { get; }

    /// <summary>The block as it lies in the file; valid until the next call, or as long as <paramref name="block"/>.</summary>
    BlockData Encode(BlockData block);

    /// <summary>Whether blocks of a codec can be written.</summary>
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

    /// <returns>Null for a codec that is not written here.</returns>
    static IBlockCodec? For(string codec) => codec switch
    {
        "null" => new NullCodec(),
        "deflate" => new DeflateCodec(),
        "zstandard" => new ZstandardCodec(),
        "snappy" => new SnappyCodec(),
        _ => null,
    };
}

/// <summary>Leaves blocks as they are: they are written from where they lie in the ring.</summary>
internal sealed class NullCodec : IBlockCodec
{
    public string Name => "null";

    public BlockData Encode(BlockData block) => block;

    public void Dispose()
    {
    }
}
