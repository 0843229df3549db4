using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>Detects whether a server writes to a folder.</summary>
internal static class ActiveWriter
{
    /// <summary>
    /// Whether a process holds the folder's lock. Called only if a part file ends inside a block, because the check takes the lock, shared,
    /// for some microseconds. A server that starts in this moment tries again.
    /// </summary>
    public static bool Holds(string folder)
    {
        try
        {
            // .NET calls flock(2), shared and non-blocking, because of FileShare.Read.
            using var _ = new FileStream(Path.Combine(folder, FolderLock.FileName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception e) when (OpenFile.IsMissing(e) || e is UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
