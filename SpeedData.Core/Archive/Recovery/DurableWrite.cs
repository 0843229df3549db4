using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>Writes all bytes and makes them durable, or throws.</summary>
internal static class DurableWrite
{
    /// <exception cref="RecoveryFileException">Not everything was written, or it could not be made durable.</exception>
    public static void All(IArchiveFiles files, SafeFileHandle file, string path, long offset, in WritePieces pieces)
    {
        RecoveryFileException.ThrowIf(files.Write(file, offset, pieces).ErrorFor(offset, pieces.Length), "write", path);
        RecoveryFileException.ThrowIf(files.Sync(file), "sync", path);
    }
}

/// <summary>A failed file operation of a recovery. The file stays unchanged. This exception is always caught within this folder.</summary>
internal sealed class RecoveryFileException(string doing, string path, int error) : Exception($"cannot {doing} {path}: {Errno.Text(error)}")
{
    /// <summary>The errno.</summary>
    public int Error => error;

    public static void ThrowIf(int error, string doing, string path)
    {
        if (error != 0)
            throw new RecoveryFileException(doing, path, error);
    }
}
