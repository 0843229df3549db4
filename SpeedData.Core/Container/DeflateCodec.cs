using System.IO.Compression;

namespace SpeedData.Core.Container;

/// <summary>
/// Avro's <c>deflate</c>: raw RFC 1951, without zlib's header and checksum. It uses the fastest level, because the writer must first
/// keep up with the network, and then save room.
/// </summary>
/// <remarks>.NET cannot reset a DeflateStream, so each block creates one (about 10 KiB). The output buffer is reused.</remarks>
internal sealed class DeflateCodec : IBlockCodec
{
    private readonly MemoryStream _output = new();

    public string Name => "deflate";

    public BlockData Encode(BlockData block)
    {
        _output.SetLength(0);
        using (var deflate = new DeflateStream(_output, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(block.First);
            deflate.Write(block.Second);
        }
        return new BlockData(_output.GetBuffer().AsSpan(0, (int)_output.Length), default);
    }

    public void Dispose() => _output.Dispose();
}
