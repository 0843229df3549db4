using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// The file that keeps bytes of a part file that cannot be decoded: <c>….avro.torn</c>. Created when the first such bytes are
/// found.
/// </summary>
internal sealed class AsideFile(IArchiveFiles files, string folder, string path, long alreadyThere) : IDisposable
{
    private SafeFileHandle? _file;

    /// <summary>The size of the file in bytes.</summary>
    public long Bytes { get; private set; } = alreadyThere;

    /// <summary>Appends bytes and makes them durable, because recovery then overwrites their source.</summary>
    /// <exception cref="RecoveryFileException">The bytes could not be kept.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _file ??= Open();
        DurableWrite.All(files, _file, path, Bytes, new WritePieces(bytes, default, default, default));
        Bytes += bytes.Length;
    }

    public void Dispose() => _file?.Dispose();

    private SafeFileHandle Open()
    {
        // An existing file is from an earlier attempt on the same part file that was interrupted.
        if (files.Open(path, out SafeFileHandle? file) != 0)
            RecoveryFileException.ThrowIf(files.Create(path, out file), "create", path);
        RecoveryFileException.ThrowIf(files.Truncate(file!, Bytes), "cut", path);
        RecoveryFileException.ThrowIf(files.SyncFolder(folder), "sync", folder);
        return file!;
    }
}
