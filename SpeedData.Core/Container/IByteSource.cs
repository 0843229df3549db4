using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Container;

/// <summary>Bytes that can be read at any offset. Their number is fixed when the source is made. One thread at a time.</summary>
public interface IByteSource
{
    long Length { get; }

    /// <returns>The number of bytes read; fewer than requested only at the end.</returns>
    /// <exception cref="IOException">The device cannot read the bytes.</exception>
    int Read(long at, Span<byte> into);
}

/// <summary>An open file. Data that is appended later is not seen.</summary>
/// <param name="file">The file, open for reading. The caller closes it.</param>
/// <param name="length">The number of bytes to read.</param>
public sealed class FileSource(SafeFileHandle file, long length) : IByteSource
{
    public long Length => length;

    public int Read(long at, Span<byte> into)
    {
        into = into[..(int)Math.Min(into.Length, Math.Max(0, length - at))];
        int read = 0;
        while (read < into.Length && RandomAccess.Read(file, into[read..], at + read) is > 0 and var more)
            read += more;
        return read;
    }
}
