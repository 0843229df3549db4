using ZstdSharp;

namespace SpeedData.Core.Container;

/// <summary>
/// Avro's <c>zstandard</c>: each block is one frame (RFC 8878) that states its size, because some readers need it. It uses level 1,
/// because the writer must first keep up with the network, and then save room.
/// </summary>
internal sealed class ZstandardCodec : IBlockCodec
{
    private const int Level = 1;

    private readonly Compressor _compressor = new(Level);
    private byte[] _joined = [];
    private byte[] _output = [];

    public string Name => "zstandard";

    public BlockData Encode(BlockData block)
    {
        ReadOnlySpan<byte> input = block.Second.IsEmpty ? block.First : Join(block);
        Grow(ref _output, Compressor.GetCompressBound(input.Length));
        return new BlockData(_output.AsSpan(0, _compressor.Wrap(input, _output)), default);
    }

    public void Dispose() => _compressor.Dispose();

    /// <summary>Joins the two pieces of a block: a copy costs less than a streamed frame.</summary>
    private ReadOnlySpan<byte> Join(BlockData block)
    {
        Grow(ref _joined, block.Length);
        block.First.CopyTo(_joined);
        block.Second.CopyTo(_joined.AsSpan(block.First.Length));
        return _joined.AsSpan(0, block.Length);
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
    }
}
