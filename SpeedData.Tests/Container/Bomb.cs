using System.Collections.Concurrent;
using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

/// <summary>Data of a block that decodes to more than is looked into, of zeros.</summary>
internal static class Bomb
{
    private static readonly ConcurrentDictionary<string, byte[]> Made = new();

    public static byte[] Of(string codec) => Made.GetOrAdd(codec, Make);

    private static byte[] Make(string codec)
    {
        // Nothing is compressed: large enough to be none of a record, and no more.
        if (codec == "null")
            return new byte[1 << 20];
        using IBlockCodec encoder = IBlockCodec.For(codec)!;
        BlockData data = encoder.Encode(new BlockData(new byte[BlockDecoder.MaxDecoded + 1], default));
        return [.. data.First, .. data.Second];
    }
}
