using System.Collections.Concurrent;
using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

/// <summary>Makes block data of zeros that decodes to more than the reader accepts.</summary>
internal static class Bomb
{
    private static readonly ConcurrentDictionary<string, byte[]> Made = new();

    public static byte[] Of(string codec) => Made.GetOrAdd(codec, Make);

    private static byte[] Make(string codec)
    {
        // These codecs do not compress (the tests' xz stores its input), so the data is only larger than any record.
        if (codec is "null" or "xz")
            return new byte[1 << 20];
        return ForeignCodec.Encode(codec, new byte[BlockDecoder.MaxDecoded + 1]);
    }
}
