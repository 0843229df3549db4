namespace SpeedData.Core.Host;

/// <summary>
/// Decides how long to wait for each of many files. A disk that does not answer is waited for once, not once for each of its files.
/// One thread.
/// </summary>
/// <param name="first">How long to wait for the first file.</param>
public sealed class FilePatience(TimeSpan first)
{
    private static readonly TimeSpan AfterAHang = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<string> _hanging = [];

    /// <summary>Returns how long to wait for this file.</summary>
    public TimeSpan For(string path) => _hanging.Contains(FolderOf(path)) ? TimeSpan.Zero : _hanging.Count == 0 ? first : AfterAHang;

    /// <summary>Notes that a file did not answer in time. Other files in its folder may not answer either.</summary>
    public void Lose(string path) => _hanging.Add(FolderOf(path));

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;
}
