using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>The bytes of a part file that cannot be understood: <c>….avro.torn</c>. Created when there are any.</summary>
internal sealed class AsideFile(IArchiveFiles files, string folder, string path, long alreadyThere) : IDisposable
{
    private SafeFileHandle? _file;

    /// <summary>Bytes in it.</summary>
    public long Bytes { get; private set; } = alreadyThere;

    /// <summary>Adds bytes and makes them durable, because their source is overwritten next.</summary>
    /// <exception cref="RecoveryFileException">They could not be kept.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _file ??= Open();
        DurableWrite.All(files, _file, path, Bytes, new WritePieces(bytes, default, default, default));
        Bytes += bytes.Length;
    }

    public void Dispose() => _file?.Dispose();

    private SafeFileHandle Open()
    {
        // An existing file is from an earlier attempt on the same part file, which got no further.
        if (files.Open(path, out SafeFileHandle? file) != 0)
            RecoveryFileException.ThrowIf(files.Create(path, out file), "create", path);
        RecoveryFileException.ThrowIf(files.Truncate(file!, Bytes), "cut", path);
        RecoveryFileException.ThrowIf(files.SyncFolder(folder), "sync", folder);
        return file!;
    }
}
