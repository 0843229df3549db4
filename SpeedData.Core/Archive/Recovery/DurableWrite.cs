using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>Writes all bytes and makes them durable, or throws.</summary>
internal static class DurableWrite
{
    /// <exception cref="FileTrouble">Not all of it was taken, or it could not be made durable.</exception>
    public static void All(IArchiveFiles files, SafeFileHandle file, string path, long offset, in WritePieces pieces)
    {
        FileTrouble.ThrowIf(files.Write(file, offset, pieces).ErrorFor(offset, pieces.Length), "write", path);
        FileTrouble.ThrowIf(files.Sync(file), "sync", path);
    }
}
