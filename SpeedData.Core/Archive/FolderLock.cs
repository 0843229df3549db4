using System.Text;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Locks a channel's folder, so that among all processes and containers of a host only one writes in it: flock(2) on a file in
/// the folder, which the kernel releases when its holder dies. The file says who holds it. One thread at a time.
/// </summary>
internal sealed class FolderLock(string folder, IArchiveFiles files) : IDisposable
{
    public const string FileName = ".lock";

    private const int LongestText = 256;
    private const string Unknown = "an unknown process";

    private readonly string _path = Path.Combine(folder, FileName);
    private volatile SafeFileHandle? _file;

    /// <summary>Any thread.</summary>
    public bool IsHeld => _file is not null;

    /// <summary>What the holder says of itself, after <see cref="Take"/> was refused with EAGAIN.</summary>
    public string Holder { get; private set; } = "";

    /// <returns>errno, 0 for none; EAGAIN if another holds it, ENOENT where the folder is missing.</returns>
    public int Take()
    {
        // The folder may have been replaced. Otherwise the lock is kept, since files of ours may still have to be ended.
        if (_file is not null && files.IsAt(_path, _file))
            return 0;
        Dispose();
        int error = files.Lock(_path, out SafeFileHandle? file);
        _file = file;
        if (error == 0)
            SignIn(file!);
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
