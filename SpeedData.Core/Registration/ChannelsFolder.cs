using System.Text;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Native;

namespace SpeedData.Core.Registration;

/// <summary>
/// The folder with a file for each registered channel. A file is written under a temporary name, made durable and renamed, so that a
/// channel is always completely in its old or its new state. A schema inside the file is also written as a separate file, for programs that
/// open schema files. One thread at a time.
/// </summary>
public sealed class ChannelsFolder(SpeedDataOptions options, IArchiveFiles? files = null)
{
    private const string Extension = ".json", Unfinished = ".unfinished";

    private readonly IArchiveFiles _files = files ?? PortableArchiveFiles.ForThisPlatform;

    public string Path => options.ChannelsPath;

    /// <summary>Returns why the folder cannot be used now; null if it can. May be as slow as the disk.</summary>
    public string? Lack()
    {
        bool needsDisk = options.RequireMount && OperatingSystem.IsLinux() && Path.StartsWith(options.AvroPath + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return needsDisk && MountPoint.Of(options.AvroPath) is not { IsRoot: false }
            ? $"{Path} waits for its disk: neither it nor a folder above it is a mount point, and Storage:RequireMount is true"
            : null;
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name + Extension);

    /// <summary>Deletes the unfinished files of a killed process. Only the process that writes to the folder may call this.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public void DeleteLeftovers()
    {
        foreach (string left in Names().Where(name => name.StartsWith('.') && name.EndsWith(Unfinished, StringComparison.Ordinal)))
            _files.Delete(System.IO.Path.Combine(Path, left));
    }

    /// <summary>Reads all files, sorted by name. Changes nothing.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<RegisteredFile> ReadAll() =>
    [
        .. Names()
            .Where(name => name.EndsWith(Extension, StringComparison.Ordinal) && !name.StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .Select(name => new RegisteredFile(name[..^Extension.Length], System.IO.Path.Combine(Path, name), Read(System.IO.Path.Combine(Path, name)))),
    ];

    /// <summary>Registers a channel. It is registered when the method returns, and not if it throws.</summary>
    /// <exception cref="IOException">The file cannot be written; the folder is unchanged.</exception>
    public void Write(RegisteredChannel channel)
    {
        ThrowIf(_files.CreateFolder(Path), "create", Path);
        byte[]? before = File.Exists(channel.File.Path) ? Read(channel.File.Path) : null;
        Put(channel.File.Path, channel.File.Text);
        try
        {
            WriteSchema(channel);
        }
        catch (IOException)
        {
            Restore(channel.File.Path, before);
            throw;
        }
    }

    /// <summary>
    /// Writes the schema inside a channel's file as a separate file, unless that exists or the channel names a schema file.
    /// </summary>
    /// <exception cref="IOException">The schema cannot be written.</exception>
    public void WriteSchema(RegisteredChannel channel)
    {
        if (channel.InlineSchema is not { } schema)
            return;
        string path = channel.File.InlineSchemaPath;
        byte[] text = Encoding.UTF8.GetBytes(schema);
        if (!File.Exists(path) || !Read(path).AsSpan().SequenceEqual(text))
            Put(path, text);
    }

    /// <summary>Deletes a channel. It is no longer registered when the method returns.</summary>
    /// <exception cref="IOException">The file cannot be deleted.</exception>
    public void Delete(RegisteredFile file, bool hasInlineSchema)
    {
        // Deletes the schema first: if the process ends here, the remaining channel file restores it.
        if (hasInlineSchema)
            _files.Delete(file.InlineSchemaPath);
        int error = _files.Delete(file.Path);
        ThrowIf(error == Errno.NoEntry ? 0 : error, "delete", file.Path);
        ThrowIf(_files.SyncFolder(Path), "sync", Path);
    }

    private IEnumerable<string> Names()
    {
        var entries = new List<ArchiveEntry>();
        int error = _files.List(Path, entries);
        ThrowIf(error == Errno.NoEntry ? 0 : error, "read", Path);
        return entries.Select(entry => entry.Name);
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private void Restore(string path, byte[]? before)
    {
        if (before is null)
            _files.Delete(path);
        else
            Put(path, before);
    }

    private void Put(string path, byte[] text)
    {
        string beside = System.IO.Path.Combine(Path, $".{System.IO.Path.GetFileName(path)}{Unfinished}");
        _files.Delete(beside);
        ThrowIf(_files.Create(beside, out SafeFileHandle? file), "create", beside);
        int error;
        using (file)
        {
            error = _files.Write(file!, 0, new WritePieces(text, default, default, default)).ErrorFor(0, text.Length);
            if (error == 0)
                error = _files.Sync(file!);
        }

        if (error == 0)
            error = _files.Replace(beside, path);
        if (error != 0)
            _files.Delete(beside);
        ThrowIf(error, "write", path);
        ThrowIf(_files.SyncFolder(Path), "sync", Path);
    }

    private static void ThrowIf(int error, string doing, string path)
    {
        if (error != 0)
            throw new IOException($"cannot {doing} {path}: {Errno.Text(error)}");
    }
}
