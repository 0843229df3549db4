using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Container;

/// <summary>Opens files that others may be writing, renaming or deleting meanwhile.</summary>
internal static class OpenFile
{
    /// <param name="path">An existing file.</param>
    /// <param name="source">Its bytes as many as there are now.</param>
    /// <exception cref="IOException">It cannot be opened; see <see cref="IsTrouble"/>.</exception>
    public static SafeFileHandle Open(string path, out IByteSource source)
    {
        // The opening of a pipe would wait for whoever writes into it.
        if (FileKind.IsSpecial(path))
            throw new NotSupportedException($"{path} is no plain file");
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
    /// Errors that a file or its device can cause a reader. A pipe, or anything without a length, is not supported.
    /// </summary>
    public static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    public static bool IsMissing(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;
}
