using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Container;

/// <summary>Opens files that others may write, rename or delete at the same time.</summary>
internal static class OpenFile
{
    /// <param name="path">An existing file.</param>
    /// <param name="source">The bytes that the file has now.</param>
    /// <exception cref="IOException">The file cannot be opened; see <see cref="IsTrouble"/>.</exception>
    public static SafeFileHandle Open(string path, out IByteSource source)
    {
        // Opening a pipe would wait for its writer.
        if (FileKind.IsSpecial(path))
            throw new NotSupportedException($"{path} is not a regular file");
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            source = new FileSource(file, RandomAccess.GetLength(file));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether it is an error that a file or its device can cause. A pipe, or anything without a length, is not supported.
    /// </summary>
    public static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    public static bool IsMissing(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;
}
