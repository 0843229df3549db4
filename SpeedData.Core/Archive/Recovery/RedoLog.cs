using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>The progress of a recovery: what to write over the part file, and where to continue reading.</summary>
/// <param name="To">Where the image goes.</param>
/// <param name="Next">From where on the part file is unchanged.</param>
/// <param name="AsideBytes">Bytes moved aside before.</param>
/// <param name="Image">Whole blocks.</param>
internal sealed record RedoStep(long To, long Next, long AsideBytes, byte[] Image)
{
    public long End => To + Image.Length;
}

/// <summary>
/// A redo journal of one step. A recovery that overwrites the only copy of something can be killed anywhere, and continues
/// where it was. It takes as much room as one block.
/// </summary>
internal sealed class RedoLog(IArchiveFiles files, string folder, string path)
{
    private const int HeadBytes = 40;

    private readonly string _newPath = path + FileSuffix.New;

    private static ReadOnlySpan<byte> Magic => "SDREDO1\n"u8;

    /// <returns>The latest step; null if there is none.</returns>
    public RedoStep? Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (bytes.Length < HeadBytes || !bytes.AsSpan(0, 8).SequenceEqual(Magic))
            return null;
        Span<byte> head = bytes.AsSpan(0, HeadBytes);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(head[36..]);
        if (BinaryPrimitives.ReadInt32LittleEndian(head[32..]) != bytes.Length - HeadBytes || Crc(head, bytes.AsSpan(HeadBytes)) != crc)
            return null;
        return new RedoStep(
            BinaryPrimitives.ReadInt64LittleEndian(head[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[24..]),
            bytes[HeadBytes..]);
    }

    /// <summary>Makes a step durable; it replaces the one before.</summary>
    /// <exception cref="RecoveryFileException">It could not be written.</exception>
    public void Write(RedoStep step)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], step.To);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], step.Next);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], step.AsideBytes);
        BinaryPrimitives.WriteInt32LittleEndian(head[32..], step.Image.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[36..], Crc(head, step.Image));
        files.Delete(_newPath);
        RecoveryFileException.ThrowIf(files.Create(_newPath, out SafeFileHandle? file), "create", _newPath);
        using (file)
            DurableWrite.All(files, file!, _newPath, 0, new WritePieces(head, step.Image, default, default));
        RecoveryFileException.ThrowIf(files.Replace(_newPath, path), "rename", _newPath);
        RecoveryFileException.ThrowIf(files.SyncFolder(folder), "sync", folder);
    }

    public void Delete()
    {
        files.Delete(_newPath);
        files.Delete(path);
    }

    private static uint Crc(ReadOnlySpan<byte> head, ReadOnlySpan<byte> image) => Crc32C.Append(Crc32C.Append(0, head[..36]), image);
}
