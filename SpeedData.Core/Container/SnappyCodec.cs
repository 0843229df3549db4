using System.Buffers.Binary;
using System.IO.Hashing;
using Snappier;

namespace SpeedData.Core.Container;

/// <summary>Avro's <c>snappy</c>, for files of other writers; see <see cref="SnappyUnpacker"/>.</summary>
internal sealed class SnappyCodec : IBlockCodec
{
    private byte[] _output = [];

    public string Name => "snappy";

    public BlockData Encode(BlockData block)
    {
        byte[] joined = [.. block.First, .. block.Second];
        int most = Snappy.GetMaxCompressedLength(joined.Length) + sizeof(uint);
        if (_output.Length < most)
            _output = new byte[most];
        int length = Snappy.Compress(joined, _output);
        BinaryPrimitives.WriteUInt32BigEndian(_output.AsSpan(length), Crc32.HashToUInt32(joined));
        return new BlockData(_output.AsSpan(0, length + sizeof(uint)), default);
    }

    public void Dispose()
    {
    }
}
