using SpeedData.Core.Native;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>A file operation of a recovery failed; the file stays as it is. Always caught within this folder.</summary>
internal sealed class FileTrouble(string doing, string path, int error) : Exception($"cannot {doing} {path}: {Errno.Text(error)}")
{
    /// <summary>errno.</summary>
    public int Error => error;

    public static void ThrowIf(int error, string doing, string path)
    {
        if (error != 0)
            throw new FileTrouble(doing, path, error);
    }
}
