using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Native;

namespace SpeedData.Core.Tags;

/// <summary>
/// Stores the tags of an archive root on disk. Several processes may use it: a process that changes something holds <c>.tags/.lock</c>. A
/// tag exists once its <c>tag.json</c> is renamed to its final name, and is removed once its folder is renamed. The next change deletes
/// other remains of an interrupted change.
/// </summary>
internal sealed class TagStore(string root, IArchiveFiles files)
{
    private const string LockName = ".lock", NewDefinition = TagFolders.Definition + FileSuffix.New;

    // More than the size of the most marks with the longest texts.
    private const int StampLength = 32, MostBytes = 256 << 20;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10), BetweenTries = TimeSpan.FromMilliseconds(5);

    private readonly string _folder = TagFolders.Below(root);
    private SafeFileHandle? _lock;

    public string Root => root;

    public bool Exists => Directory.Exists(_folder);

    /// <summary>A number that differs after every change by any process; null if it cannot be read.</summary>
    public string? Stamp
    {
        get
        {
            // Possible even while another process holds the lock.
            int error = files.OpenToRead(Path.Combine(_folder, LockName), out SafeFileHandle? file);
            if (error != 0)
                return error == Errno.NoEntry ? "" : null;
            using (file)
            {
                Span<byte> stamp = stackalloc byte[StampLength];
                try
                {
                    return Encoding.ASCII.GetString(stamp[..RandomAccess.Read(file!, stamp, 0)]);
                }
                catch (IOException)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>Runs an action that no other process may disturb.</summary>
    /// <exception cref="TagException">Another process keeps the lock, or the disk refuses it.</exception>
    public T Locked<T>(Func<T> action)
    {
        if (_lock is not null)
            return action();
        Throw(files.CreateFolder(_folder), "create", _folder);
        using LockedFile held = Take();
        _lock = held.Handle;
        try
        {
            return action();
        }
        finally
        {
            _lock = null;
        }
    }

    /// <summary>Reads all tags in order of their start, and reports those that cannot be read.</summary>
    /// <exception cref="IOException">The tags cannot be listed.</exception>
    public IReadOnlyList<Tag> Read(Action<string>? tell = null)
    {
        var tags = new List<Tag>();
        foreach (string folder in TagFolders.All(root))
        {
            if (Read(folder, tell) is { } tag)
                tags.Add(tag);
        }

        return [.. tags.OrderBy(tag => tag.FromNs).ThenBy(tag => tag.Name, StringComparer.Ordinal)];
    }

    /// <summary>Creates or replaces a tag. Requires the lock.</summary>
    /// <exception cref="TagException">The disk refuses it; nothing has changed.</exception>
    public void Write(Tag tag)
    {
        string folder = TagFolders.Of(root, tag.Name);
        string made = Path.Combine(folder, NewDefinition);
        Throw(files.CreateFolder(folder), "create", folder);
        int error = Write(made, TagFile.Write(tag));
        if (error == 0)
            error = files.Replace(made, Path.Combine(folder, TagFolders.Definition));
        if (error == 0)
            error = files.SyncFolder(folder);
        else
            Quietly(() => ClearUnfinished(folder));
        Throw(error, "write", Path.Combine(folder, TagFolders.Definition));
        Changed();
    }

    /// <summary>Returns the files in a tag's folder that no tag made.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public IReadOnlyList<string> Foreign(Tag tag) => [.. ForeignIn(new DirectoryInfo(TagFolders.Of(root, tag.Name))).Order(StringComparer.Ordinal)];

    /// <summary>Removes a tag and the files that it keeps. Requires the lock.</summary>
    /// <exception cref="TagException">The disk refuses it; nothing has changed.</exception>
    public void Remove(Tag tag)
    {
        string going = Path.Combine(_folder, TagFolders.RemovedPrefix + tag.Name);
        Throw(files.Rename(TagFolders.Of(root, tag.Name), going), "rename", TagFolders.Of(root, tag.Name));
        files.SyncFolder(_folder);
        Changed();
        Quietly(() => Discard(going));
    }

    /// <summary>Deletes the remains of interrupted changes. Requires the lock.</summary>
    public void Heal() => Quietly(() =>
    {
        foreach (string folder in Directory.EnumerateDirectories(_folder))
        {
            if (Path.GetFileName(folder).StartsWith(TagFolders.RemovedPrefix, StringComparison.Ordinal))
                Discard(folder);
            else
                ClearUnfinished(folder);
        }
    });

    private static IEnumerable<string> ForeignIn(DirectoryInfo folder) => folder.LinkTarget is not null ? [] : folder.EnumerateFileSystemInfos().SelectMany(entry => entry switch
    {
        DirectoryInfo { LinkTarget: null } inner => ForeignIn(inner),
        FileInfo { LinkTarget: null } => IsOurs(entry.Name) ? [] : [entry.FullName],
        _ => [],
    });

    private static bool IsOurs(string name) => name is TagFolders.Definition or NewDefinition || FileHolder.IsMade(name);

    private static Tag? Read(string folder, Action<string>? tell)
    {
        string path = Path.Combine(folder, TagFolders.Definition);
        try
        {
            Tag? tag = TagFile.Read(Path.GetFileName(folder), Definition(path), out string? why);
            if (tag is null)
                tell?.Invoke($"{path} is not used: {why}; its archives stay");
            return tag;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            if (!OpenFile.IsMissing(e))
                tell?.Invoke($"{path} cannot be read: {e.Message}; its archives stay");
            return null;
        }
    }

    /// <remarks>The file may be of any size, because other programs can put files there.</remarks>
    private static byte[] Definition(string path)
    {
        using SafeFileHandle file = OpenFile.Open(path, out IByteSource source);
        if (source.Length > MostBytes)
            throw new IOException($"it has {source.Length:N0} bytes");
        byte[] bytes = new byte[source.Length];
        return bytes[..RandomAccess.Read(file, bytes, 0)];
    }

    private int Write(string path, byte[] bytes)
    {
        files.Delete(path);
        int error = files.Create(path, out SafeFileHandle? file);
        if (error != 0)
            return error;
        using (file)
        {
            error = files.Write(file!, 0, new WritePieces(bytes, default, default, default)).ErrorFor(0, bytes.Length);
            return error != 0 ? error : files.Sync(file!);
        }
    }

    /// <summary>Signals the change to other processes. Without the signal, they notice it some seconds later.</summary>
    private void Changed()
    {
        byte[] stamp = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        files.Write(_lock!, 0, new WritePieces(stamp, default, default, default));
    }

    private static void Quietly(Action clear)
    {
        try
        {
            clear();
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            // A later call deletes what cannot be listed now.
        }
    }

    private void ClearUnfinished(string folder)
    {
        if (File.Exists(Path.Combine(folder, NewDefinition)))
            files.Delete(Path.Combine(folder, NewDefinition));
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            files.DeleteFolder(folder);
    }

    /// <remarks>Deletes a link to a folder, but not its target.</remarks>
    private void DeleteAll(string folder)
    {
        foreach (FileSystemInfo inner in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (inner is DirectoryInfo { LinkTarget: null })
                DeleteAll(inner.FullName);
            else
                files.Delete(inner.FullName);
        }

        files.DeleteFolder(folder);
    }

    private void Discard(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is null)
            DeleteAll(folder);
        else
            files.Delete(folder);
    }

    private LockedFile Take()
    {
        string path = Path.Combine(_folder, LockName);
        long until = Environment.TickCount64 + (long)LongestWait.TotalMilliseconds;
        while (true)
        {
            int error = files.Lock(path, out LockedFile? held);
            if (error == 0)
                return held!;
            if (error != Errno.Again || Environment.TickCount64 > until)
                throw new TagException(TagFault.Unavailable, error == Errno.Again ? $"another process has {path} locked; try again" : $"cannot lock {path}: {Errno.Text(error)}");
            // flock has no timeout.
            Thread.Sleep(BetweenTries);
        }
    }

    private static void Throw(int error, string doing, string path)
    {
        if (error != 0)
            throw new TagException(TagFault.Unavailable, $"cannot {doing} {path}: {Errno.Text(error)}");
    }
}
