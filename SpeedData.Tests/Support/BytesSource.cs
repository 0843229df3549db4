using SpeedData.Core.Container;

namespace SpeedData.Tests.Support;

/// <summary>A file in memory.</summary>
internal sealed class BytesSource(byte[] bytes) : IByteSource
{
    public long Length => bytes.Length;

    public int Read(long at, Span<byte> into)
    {
        int count = (int)Math.Min(into.Length, Math.Max(0, bytes.Length - at));
        if (count > 0)
            bytes.AsSpan((int)at, count).CopyTo(into);
        return count;
    }
}
