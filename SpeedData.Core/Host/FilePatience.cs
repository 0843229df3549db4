namespace SpeedData.Core.Host;

/// <summary>
/// How long to wait for each of many files, some of which may lie on a disk that does not answer: such a disk is waited for
/// once, not once for each file on it. One thread.
/// </summary>
/// <param name="first">How long for the first.</param>
public sealed class FilePatience(TimeSpan first)
{
    private static readonly TimeSpan AfterAHang = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<string> _hanging = [];

    /// <summary>How long to wait for this file.</summary>
    public TimeSpan For(string path) => _hanging.Contains(FolderOf(path)) ? TimeSpan.Zero : _hanging.Count == 0 ? first : AfterAHang;

    /// <summary>It did not answer in that time; others beside it may do likewise.</summary>
    public void Lose(string path) => _hanging.Add(FolderOf(path));

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;
}
