using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Container;

/// <summary>Bytes that can be read anywhere, as many as there were when it was made. One thread at a time.</summary>
public interface IByteSource
{
    long Length { get; }

    /// <returns>Bytes read; fewer than asked for only at the end.</returns>
    /// <exception cref="IOException">The device does not give them.</exception>
    int Read(long at, Span<byte> into);
}

/// <summary>An open file; what is appended to it later is not seen.</summary>
/// <param name="file">Open for reading; stays the caller's.</param>
/// <param name="length">Bytes of it to read.</param>
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
