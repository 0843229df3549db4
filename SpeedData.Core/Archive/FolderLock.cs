using System.Text;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Holds a channel's folder, so that among all processes and containers of a host one at a time writes in it: flock(2) on a
/// file in the folder, which the kernel releases when its holder dies. The file says who holds it. Writer thread.
/// </summary>
internal sealed class FolderLock(string folder, IArchiveFiles files) : IDisposable
{
    public const string FileName = ".lock";

    private const int LongestText = 256;

    private readonly string _path = Path.Combine(folder, FileName);
    private SafeFileHandle? _file;

    public bool IsHeld => _file is not null;

    /// <summary>What the holder says of itself, after <see cref="Take"/> was refused with EAGAIN.</summary>
    public string Holder { get; private set; } = "";

    /// <returns>errno, 0 for none; EAGAIN where another holds it, ENOENT where the folder is missing.</returns>
    public int Take()
    {
        // What lies at the path may be another folder than it was. Else the lock is kept: files of ours may still be ended.
        if (_file is not null && files.IsAt(_path, _file))
            return 0;
        Dispose();
        int error = files.Lock(_path, out _file);
        if (error == 0)
            SignIn(_file!);
        if (error == Errno.Again)
            Holder = ReadHolder();
        return error;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void SignIn(SafeFileHandle file)
    {
        byte[] text = Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}\n");
        files.Truncate(file, 0);
        // On a full disk the lock holds without its text.
        files.Write(file, 0, new WritePieces(text, default, default, default));
    }

    private string ReadHolder()
    {
        try
        {
            using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var text = new char[LongestText];
            string holder = new string(text, 0, reader.ReadBlock(text)).Trim();
            return holder.Length == 0 || holder.Any(char.IsControl) ? "a process that does not say which" : holder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process that cannot be asked";
        }
    }
}
