namespace SpeedData.Core.Container;

/// <summary>The bytes of a block in one or two pieces. The second is empty if the block is contiguous in the ring.</summary>
internal readonly ref struct BlockData(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
{
    public ReadOnlySpan<byte> First { get; } = first;

    public ReadOnlySpan<byte> Second { get; } = second;

    public int Length => First.Length + Second.Length;
}
