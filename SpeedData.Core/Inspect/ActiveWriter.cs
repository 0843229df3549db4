using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>Whether a server is at work in a folder.</summary>
internal static class ActiveWriter
{
    /// <summary>
    /// Whether a process holds the folder's lock. Asked only if a part file ends inside a block, because asking takes the lock,
    /// shared, for some microseconds; a server that starts just then tries again.
    /// </summary>
    public static bool Holds(string folder)
    {
        try
        {
            // .NET takes flock(2), shared and without waiting, for a file that others may not write meanwhile.
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
