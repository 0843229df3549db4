using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>The position and checksum of a written block.</summary>
/// <param name="Offset">Offset of the block.</param>
/// <param name="Bytes">Length of the block in bytes.</param>
/// <param name="Crc32C">CRC-32C of the block.</param>
internal readonly record struct WrittenBlock(long Offset, long Bytes, uint Crc32C);

/// <summary>Writes a new container file with its own sync marker. One thread.</summary>
internal sealed class ContainerWriter : IDisposable
{
    private const int Piece = 1 << 20;

    private readonly IArchiveFiles _files;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly byte[] _numbers = new byte[BlockFrame.MaxNumbers];

    private ContainerWriter(IArchiveFiles files, SafeFileHandle file, string path)
    {
        (_files, _file, _path) = (files, file, path);
    }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    public byte[] Sync { get; } = ContainerHeader.NewSync();

    /// <exception cref="RepairOutputException">The file exists already, or cannot be created.</exception>
    public static ContainerWriter Create(IArchiveFiles files, string path)
    {
        RepairOutputException.ThrowIf(files.Create(path, out SafeFileHandle? file), "create", path);
        return new ContainerWriter(files, file!, path);
    }

    /// <param name="header">The header without the sync marker.</param>
    /// <exception cref="RepairOutputException">The file cannot be written.</exception>
    public void Begin(ReadOnlySpan<byte> header) => Write(new WritePieces(header, default, default, Sync));

    /// <exception cref="RepairOutputException">The file cannot be written.</exception>
    public WrittenBlock Block(long records, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> numbers = Numbers(records, data.Length);
        uint crc = Crc32C.Append(Crc32C.Append(Crc32C.Append(0, numbers), data), Sync);
        long offset = Length;
        Write(new WritePieces(numbers, data, default, Sync));
        return new WrittenBlock(offset, Length - offset, crc);
    }

    /// <summary>Copies a block of any size.</summary>
    /// <exception cref="RepairOutputException">The file cannot be written.</exception>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public WrittenBlock Copy(ContainerReader from, in BlockFrame frame)
    {
        long offset = Length;
        ReadOnlySpan<byte> numbers = Numbers(frame.Records, frame.DataLength);
        uint crc = Crc32C.Append(0, numbers);
        Write(new WritePieces(numbers, default, default, default));
        for (long at = frame.DataOffset; at < frame.DataEnd; at += Piece)
        {
            ReadOnlySpan<byte> piece = from.Bytes(at, (int)Math.Min(Piece, frame.DataEnd - at));
            if (piece.Length < Math.Min(Piece, frame.DataEnd - at))
                throw new EndOfStreamException("the file was cut while it was read");
            crc = Crc32C.Append(crc, piece);
            Write(new WritePieces(piece, default, default, default));
        }

        Write(new WritePieces(Sync, default, default, default));
        return new WrittenBlock(offset, Length - offset, Crc32C.Append(crc, Sync));
    }

    /// <summary>Makes the whole file durable.</summary>
    /// <exception cref="RepairOutputException">The file cannot be synced.</exception>
    public void Flush() => RepairOutputException.ThrowIf(_files.Sync(_file), "sync", _path);

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Numbers(long records, long size) => _numbers.AsSpan(0, BlockFrame.WriteNumbers(_numbers, records, size));

    private void Write(in WritePieces pieces)
    {
        RepairOutputException.ThrowIf(_files.Write(_file, Length, pieces).ErrorFor(Length, pieces.Length), "write", _path);
        Length += pieces.Length;
    }
}

/// <summary>The output cannot be written, or its verification failed.</summary>
internal sealed class RepairOutputException(string why) : Exception(why)
{
    /// <param name="error">errno; 0 for none.</param>
    /// <param name="doing">The operation.</param>
    /// <param name="path">The path of the file.</param>
    public static void ThrowIf(int error, string doing, string path)
    {
        if (error != 0)
            throw new RepairOutputException(error == Errno.FileTooLarge ? ArchiveFaultText.OfSizeLimit(path, FileSizeLimit.Current) : $"cannot {doing} {path}: {Errno.Text(error)}");
    }
}
