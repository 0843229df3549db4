using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Native;

namespace SpeedData.Core.Rejects;

/// <summary>A file of refused datagrams that is being written. One thread.</summary>
internal sealed class RejectFile
{
    private const int MostAttempts = 1_000;

    private readonly IArchiveFiles _files;
    private readonly SafeFileHandle _handle;
    private readonly ArchiveFolder _folder;
    private readonly ArchiveName _name;
    private readonly byte[] _sync;
    private readonly byte[] _numbers = new byte[BlockFrame.MaxNumbers];
    private long _blocks;

    private RejectFile(IArchiveFiles files, SafeFileHandle handle, ArchiveFolder folder, ArchiveName name, byte[] sync, long openedAt)
    {
        (_files, _handle, _folder, _name, _sync, OpenedAt) = (files, handle, folder, name, sync, openedAt);
    }

    /// <summary>Timestamp of the clock when the file was opened.</summary>
    public long OpenedAt { get; }

    public long Bytes { get; private set; }

    /// <summary>Creates a file, named by the time of its first datagram.</summary>
    /// <returns>errno; 0 for no error.</returns>
    public static int Begin(IArchiveFiles files, ArchiveFolder folder, string channel, long firstNs, TimeProvider time, out RejectFile? file)
    {
        file = null;
        var name = new ArchiveName(channel, Math.Clamp(firstNs / 1000, 0, ArchiveName.MaxMicroseconds - MostAttempts));
        SafeFileHandle? handle = null;
        int error = Errno.Exists;
        for (int attempt = 0; attempt < MostAttempts && error == Errno.Exists; attempt++)
        {
            name = attempt == 0 ? name : name.Next;
            error = files.Exists(folder.PathOf(name.Rejected)) == 0 ? Errno.Exists : files.Create(folder.PathOf(name.Rejected + FileSuffix.Unfinished), out handle);
        }

        if (error != 0)
            return error;
        byte[] sync = ContainerHeader.NewSync();
        var begun = new RejectFile(files, handle!, folder, name, sync, time.GetTimestamp());
        byte[] header = ContainerHeader.Encode(
            [(ContainerHeader.SchemaKey, RejectedRecord.Schema), (ContainerHeader.CodecKey, "null"), ("speeddata.channel", channel), ("speeddata.created", ContainerHeader.TimeText(time.GetUtcNow()))], sync);
        error = begun.Write(new WritePieces(header, default, default, default));
        if (error == 0)
            file = begun;
        else
            begun.End();
        return error;
    }

    /// <summary>Appends a block.</summary>
    /// <returns>errno; 0 for no error. After an error, no part of the block remains in the file.</returns>
    public int Append(long datagrams, ReadOnlySpan<byte> records)
    {
        int length = BlockFrame.WriteNumbers(_numbers, datagrams, records.Length);
        int error = Write(new WritePieces(_numbers.AsSpan(0, length), records, default, _sync));
        _blocks += error == 0 ? 1 : 0;
        return error;
    }

    /// <summary>Gives the file its final name. Deletes it if it has no block.</summary>
    public void End()
    {
        string part = _folder.PathOf(_name.Rejected + FileSuffix.Unfinished);
        if (_blocks > 0)
            _files.Sync(_handle);
        _handle.Dispose();
        if (_blocks == 0)
            _files.Delete(part);
        else if (_files.Rename(part, _folder.PathOf(_name.Rejected)) == 0)
            _files.SyncFolder(_folder.Path);
    }

    private int Write(in WritePieces pieces)
    {
        WriteResult result = _files.Write(_handle, Bytes, pieces);
        if (result.IsWhole(pieces.Length))
        {
            Bytes += pieces.Length;
            return 0;
        }

        _files.Truncate(_handle, Bytes);
        return result.ErrorFor(Bytes, pieces.Length);
    }
}
