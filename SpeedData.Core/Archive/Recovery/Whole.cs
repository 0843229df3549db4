using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>Writes that are whole and durable, or are trouble.</summary>
internal static class Whole
{
    /// <exception cref="FileTrouble">Not all of it was taken, or it could not be made durable.</exception>
    public static void Write(IArchiveFiles files, SafeFileHandle file, string path, long offset, in WritePieces pieces)
    {
        WriteResult result = files.Write(file, offset, pieces);
        // A short write has no error of its own; the next one would say that the disk is full.
        FileTrouble.ThrowIf(result.Error != 0 ? result.Error : result.Written == pieces.Length ? 0 : Errno.NoSpace, "write", path);
        FileTrouble.ThrowIf(files.Sync(file), "sync", path);
    }
}
