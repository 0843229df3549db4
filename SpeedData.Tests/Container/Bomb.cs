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
        // Nothing is compressed (the tests' xz has no packer): large enough to be none of a record, and no more.
        if (codec is "null" or "xz")
            return new byte[1 << 20];
        return ForeignCodec.Encode(codec, new byte[BlockDecoder.MaxDecoded + 1]);
    }
}
