using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Native;

namespace SpeedData.Core.Tags;

/// <summary>
/// Gives a finished archive and its index a second name in a tag's folder, or copies them if the file system has no hard links. The index
/// comes first, so an archive that has its second name is completely kept.
/// </summary>
internal sealed class FileHolder(IArchiveFiles files)
{
    private const int Piece = 1 << 20;

    /// <summary>The error of the last failed attempt.</summary>
    public int Error { get; private set; }

    /// <param name="from">The channel's folder.</param>
    /// <param name="to">The tag's folder for the channel.</param>
    /// <param name="name">The name of the archive.</param>
    public HoldOutcome Link(string from, string to, string name)
    {
        if (files.CreateFolder(to) is not 0 and var missing)
            return Fail(missing);
        string index = IndexOf(name);
        int error = files.Link(Path.Combine(from, index), Path.Combine(to, index));
        if (error is not (0 or Errno.Exists or Errno.NoEntry))
            return Errno.IsLackOfLinks(error) ? HoldOutcome.NeedsCopy : Fail(error);
        error = files.Link(Path.Combine(from, name), Path.Combine(to, name));
        if (error is 0 or Errno.Exists)
            return files.SyncFolder(to) is not 0 and var unsynced ? Fail(unsynced) : HoldOutcome.Held;
        files.Delete(Path.Combine(to, index));
        return error == Errno.NoEntry ? HoldOutcome.Gone : Errno.IsLackOfLinks(error) ? HoldOutcome.NeedsCopy : Fail(error);
    }

    /// <summary>
    /// Copies an archive, at no more than half the disk's speed. If another process is copying the same file, that process continues alone.
    /// </summary>
    public HoldOutcome Copy(string from, string to, string name, CancellationToken stop)
    {
        string index = IndexOf(name);
        if (files.Exists(Path.Combine(from, index)) == 0 && files.Exists(Path.Combine(to, index)) != 0 && Copy(Path.Combine(from, index), Path.Combine(to, index), stop) is not 0 and var failed)
            return Fail(failed);
        int error = Copy(Path.Combine(from, name), Path.Combine(to, name), stop);
        if (error == 0)
            error = files.SyncFolder(to);
        return error == 0 ? HoldOutcome.Held : error == Errno.NoEntry ? HoldOutcome.Gone : Fail(error);
    }

    /// <summary>Deletes an archive that a tag kept, and its index and summary.</summary>
    public int Release(string folder, string name)
    {
        int error = files.Delete(Path.Combine(folder, name));
        string stem = Path.Combine(folder, Path.GetFileNameWithoutExtension(name));
        files.Delete(stem + FileSuffix.Index);
        files.Delete(stem + FileSuffix.Summary);
        return error;
    }

    /// <summary>Deletes the remains of an interrupted attempt.</summary>
    public void Heal(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            if (!IsMade(path))
                continue;
            bool isStray = path.EndsWith(FileSuffix.Index, StringComparison.Ordinal) && !File.Exists(Path.ChangeExtension(path, FileSuffix.Archive));
            if (isStray || (path.EndsWith(FileSuffix.New, StringComparison.Ordinal) && IsAbandoned(path)))
                files.Delete(path);
        }
    }

    /// <summary>Whether a file's name is one that tags give. All other files belong to someone else.</summary>
    public static bool IsMade(string path)
    {
        string whole = path.EndsWith(FileSuffix.New, StringComparison.Ordinal) ? path[..^FileSuffix.New.Length] : path;
        return Path.GetExtension(whole) is FileSuffix.Archive or FileSuffix.Index or FileSuffix.Summary;
    }

    /// <summary>Whether two paths refer to the same file.</summary>
    public bool IsSame(string path, string other)
    {
        if (files.OpenToRead(path, out SafeFileHandle? file) != 0)
            return false;
        using (file)
            return files.IsAt(other, file!);
    }

    /// <summary>Whether two paths refer to the same file, or to copies of it: each archive ends with a unique marker.</summary>
    public static bool HasSameContent(string path, string other)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } one && new FileInfo(other) is { Exists: true } two && one.Length == two.Length && Tail(path).SequenceEqual(Tail(other));
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return false;
        }
    }

    private static byte[] Tail(string path)
    {
        using SafeFileHandle file = OpenFile.Open(path, out IByteSource source);
        byte[] tail = new byte[Math.Min(ContainerHeader.SyncLength, source.Length)];
        RandomAccess.Read(file, tail, source.Length - tail.Length);
        return tail;
    }

    private static string IndexOf(string name) => Path.ChangeExtension(name, FileSuffix.Index);

    private bool IsAbandoned(string path)
    {
        int error = files.Lock(path, out LockedFile? file);
        file?.Dispose();
        return error == 0;
    }

    private HoldOutcome Fail(int error)
    {
        Error = error;
        return HoldOutcome.Failed;
    }

    private int Copy(string from, string to, CancellationToken stop)
    {
        int error = files.OpenToRead(from, out SafeFileHandle? source);
        if (error != 0)
            return error;
        using (source)
        {
            string made = to + FileSuffix.New;
            error = files.Lock(made, out LockedFile? locked);
            if (error != 0)
                return error;
            using (locked)
            {
                SafeFileHandle target = locked!.Handle;
                error = files.Truncate(target, 0) is not 0 and var uncut ? uncut : Pour(source!, target, stop);
                if (error == 0)
                    error = files.Sync(target);
                if (error == 0)
                    error = files.Rename(made, to);
                if (error != 0)
                    files.Delete(made);
                return error;
            }
        }
    }

    private int Pour(SafeFileHandle source, SafeFileHandle target, CancellationToken stop)
    {
        byte[] buffer = new byte[Piece];
        for (long at = 0; ;)
        {
            stop.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            int read;
            try
            {
                read = RandomAccess.Read(source, buffer, at);
            }
            catch (IOException)
            {
                return Errno.InputOutput;
            }

            if (read == 0)
                return 0;
            if (files.Write(target, at, new WritePieces(buffer.AsSpan(0, read), default, default, default)).ErrorFor(at, read) is not 0 and var error)
                return error;
            at += read;
            // Lets the recording's own writes go first.
            if (at % (16 * Piece) == 0 && files.Sync(target) is not 0 and var unsynced)
                return unsynced;
            stop.WaitHandle.WaitOne(Stopwatch.GetElapsedTime(start));
        }
    }
}
