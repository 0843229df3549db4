using System.Text;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Locks a channel's folder, so that only one process or container of a host writes in it: flock(2) on a file in the folder, which
/// the kernel releases when its holder dies. The file names its holder. One thread at a time.
/// </summary>
internal sealed class FolderLock(string folder, IArchiveFiles files) : IDisposable
{
    public const string FileName = ".lock";

    private const int LongestText = 256;
    private const string Unknown = "an unknown process";

    private readonly string _path = Path.Combine(folder, FileName);
    private volatile LockedFile? _file;

    /// <summary>Any thread: whether this process holds the lock.</summary>
    public bool IsHeld => _file is not null;

    /// <summary>The holder's description of itself, after <see cref="Take"/> was refused with EAGAIN.</summary>
    public string Holder { get; private set; } = "";

    /// <returns>errno, 0 for none; EAGAIN if another process holds the lock, ENOENT if the folder is missing.</returns>
    public int Take()
    {
        // The folder may have been replaced. If it was not, the lock is kept, because files of ours may still have to be ended.
        if (_file is not null && files.IsAt(_path, _file.Handle))
            return 0;
        Dispose();
        int error = files.Lock(_path, out LockedFile? file);
        _file = file;
        if (error == 0)
            SignIn(file!.Handle);
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
        // On a full disk the text is missing, but the lock holds.
        files.Write(file, 0, new WritePieces(text, default, default, default));
    }

    private string ReadHolder()
    {
        if (files.OpenToRead(_path, out SafeFileHandle? file) != 0)
            return Unknown;
        using (file)
        {
            Span<byte> text = stackalloc byte[LongestText];
            string holder = Encoding.UTF8.GetString(text[..Read(file!, text)]).Trim();
            return holder.Length == 0 || holder.Any(char.IsControl) ? Unknown : holder;
        }
    }

    private static int Read(SafeFileHandle file, Span<byte> into)
    {
        try
        {
            return RandomAccess.Read(file, into, 0);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
