using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>A step of a recovery: the bytes to write over the part file, and the place where reading continues.</summary>
/// <param name="To">The offset at which the image is written.</param>
/// <param name="Next">The offset from which the part file is unchanged.</param>
/// <param name="AsideBytes">Bytes that were moved aside before this step.</param>
/// <param name="Image">Complete blocks.</param>
internal sealed record RedoStep(long To, long Next, long AsideBytes, byte[] Image)
{
    public long End => To + Image.Length;
}

/// <summary>
/// A redo journal of one step. A recovery that overwrites the only copy of something can be killed at any point, and then
/// continues from there. The journal takes as much room as one block.
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

    /// <summary>Writes a step durably. It replaces the preceding step.</summary>
    /// <exception cref="RecoveryFileException">The step could not be written.</exception>
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
