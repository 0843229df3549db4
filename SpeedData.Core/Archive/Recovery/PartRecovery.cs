using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Turns a part file that an earlier process left into an archive. It keeps complete blocks, and every complete record of a torn
/// last block. First it moves aside bytes that it cannot decode. It may be killed at any point and started again: if nothing
/// follows a fault, it only cuts the file. If it must move or rewrite blocks, it first writes each step to a journal
/// (<see cref="RedoLog"/>). It needs disk room for one block and for the bytes that it moves aside.
/// </summary>
/// <remarks>
/// Two positions move through the file: the finished archive ends at the first, and from the second on the file is unchanged. They
/// separate at the first fault. One thread; this process must hold the folder's lock.
/// </remarks>
internal sealed class PartRecovery(IArchiveFiles files, ArchiveFolder folder, IndexRebuild index, ArchiveName name, string? bootId) : IDisposable
{
    private readonly string _path = folder.PathOf(name.Part);
    private readonly string _asideName = name.Finished + FileSuffix.Aside;
    private readonly RedoLog _redo = new(files, folder.Path, folder.PathOf(name.Finished + FileSuffix.Redo));
    private SafeFileHandle? _file;
    private ContainerReader? _reader;
    private AsideFile? _aside;
    private IndexCursor? _index;
    private bool _unclean;
    private long _done;
    private long _next;
    private long _blocks;
    private long _salvaged;
    private string? _why;

    /// <exception cref="OperationCanceledException">It was stopped. The next attempt continues.</exception>
    public RecoveryReport Run(CancellationToken stop)
    {
        try
        {
            RecoveryFileException.ThrowIf(files.Open(_path, out _file), "open", _path);
            long length = RandomAccess.GetLength(_file!);
            _reader = length == 0 ? null : ContainerReader.Open(new FileSource(_file!, length), out ContainerFault? fault) ?? throw new NoContainer(fault!);
            return _reader is null ? Disappear() : Recover(stop);
        }
        catch (NoContainer e)
        {
            return SetAside(e.Fault);
        }
        catch (Exception e) when (e is RecoveryFileException or IOException or UnauthorizedAccessException)
        {
            return Report(name.Part, e.Message, failed: true);
        }
    }

    public void Dispose()
    {
        _aside?.Dispose();
        _index?.Dispose();
        _file?.Dispose();
    }

    private RecoveryReport Recover(CancellationToken stop)
    {
        Resume();
        while (_next < _reader!.Length)
        {
            stop.ThrowIfCancellationRequested();
            Step();
        }

        return Finish(stop);
    }

    private void Resume()
    {
        ContainerHeader header = _reader!.Header;
        _unclean = bootId is null || header.Text(BootId.Key) != bootId || folder.IsDoubtful(name);
        if (_unclean)
            _index = IndexCursor.TryOpen(folder.PathOf(name.Index));
        _done = _next = header.Length;
        RedoStep? begun = _redo.Read();
        _aside = new AsideFile(files, folder.Path, folder.PathOf(_asideName), begun?.AsideBytes ?? 0);
        if (begun is not null)
            Apply(begun);
    }

    private void Step()
    {
        ContainerFault? fault = _reader!.ReadFrame(_next, out BlockFrame frame);
        if (fault is null && IsCredible(frame))
            Keep(frame);
        else if (fault is null)
            MoveAside(frame.End, "it holds a page of zeros, and the machine stopped without a shutdown");
        else if (_reader.FindSync(_next) is >= 0 and var sync)
            MoveAside(sync + ContainerHeader.SyncLength, fault.Why);
        else
            SaveTail(frame, fault);
    }

    /// <summary>
    /// Whether the block can be trusted: after a power loss a block with valid framing may contain pages that were never written.
    /// </summary>
    private bool IsCredible(in BlockFrame frame)
    {
        if (!_unclean)
            return true;
        ReadOnlySpan<byte> bytes = _reader!.Bytes(frame.Offset, (int)(frame.End - frame.Offset));
        return ZeroPages.First(bytes, frame.Offset, _reader.Length) == bytes.Length
            || (EntryOf(frame.Offset) is { } entry && entry.Bytes == bytes.Length && entry.Crc32C == Crc32C.Append(0, bytes));
    }

    /// <summary>Returns the index entry of the block at this offset. Ask in the order of the blocks.</summary>
    private IndexEntry? EntryOf(long offset)
    {
        while (_index is { } index && (index.Current is null || index.Current.Offset < offset) && index.MoveNext())
        {
        }

        return _index?.Current is { } entry && entry.Offset == offset ? entry : null;
    }

    private void Keep(in BlockFrame frame)
    {
        _blocks++;
        if (_done == _next)
            _done = _next = frame.End;
        else
            Apply(Ahead(frame.End, _reader!.Bytes(frame.Offset, (int)(frame.End - frame.Offset)).ToArray()));
    }

    private void MoveAside(long end, string why)
    {
        const int Piece = 1 << 20;
        for (; _next < end; _next = Math.Min(end, _next + Piece))
            _aside!.Append(_reader!.Bytes(_next, (int)Math.Min(Piece, end - _next)));
        _why ??= why;
    }

    private void SaveTail(in BlockFrame frame, ContainerFault fault)
    {
        long end = _reader!.Length;
        ReadOnlySpan<byte> data = _reader.Bytes(frame.DataOffset, (int)Math.Min(ContainerReader.MaxBlock, end - frame.DataOffset));
        bool isReadable = fault.Kind is ContainerFaultKind.Truncated or ContainerFaultKind.SyncMismatch && frame.DataOffset > frame.Offset;
        RecoveredBlock saved = isReadable ? Torn().Save(frame, data, end) : RecoveredBlock.Nothing(end - frame.Offset, fault.Why);
        if (saved.Rest > 0 && !IsZero(end - saved.Rest))
        {
            _next = end - saved.Rest;
            MoveAside(end, $"{fault.Why}; {saved.Why}");
        }

        _salvaged = saved.Records;
        if (saved.Block.Length > 0)
            Apply(Ahead(end, saved.Block));
        _next = end;
    }

    private TornBlock Torn() => new(_reader!.Header, Layout());

    private RecordLayout? Layout()
    {
        try
        {
            return FileSchema.Compile(_reader!.Header.Schema ?? "");
        }
        catch (SchemaException)
        {
            return null;
        }
    }

    /// <summary>Whether there are only zeros up to the end: they were never written, so there is nothing to keep.</summary>
    private bool IsZero(long from)
    {
        const int Piece = 1 << 20;
        for (; from < _reader!.Length; from += Piece)
        {
            if (_reader.Bytes(from, Piece).ContainsAnyExcept((byte)0))
                return false;
        }

        return true;
    }

    private RedoStep Ahead(long next, byte[] image)
    {
        var step = new RedoStep(_done, next, _aside!.Bytes, image);
        _redo.Write(step);
        return step;
    }

    private void Apply(RedoStep step)
    {
        DurableWrite.All(files, _file!, _path, step.To, new WritePieces(step.Image, default, default, default));
        (_done, _next) = (step.End, step.Next);
    }

    private RecoveryReport Finish(CancellationToken stop)
    {
        if (_done != _reader!.Length)
            RecoveryFileException.ThrowIf(files.Truncate(_file!, _done), "cut", _path);
        if (_done == _reader.Header.Length)
            return Disappear();
        if (folder.IsDoubtful(name))
            WriteAgain();
        RecoveryFileException.ThrowIf(files.Sync(_file!), "sync", _path);
        // Before the rename: an archive without a part file beside it must be complete, and its index correct or absent.
        index.Run(_path, stop);
        RecoveryFileException.ThrowIf(folder.Finish(name, _done, out ArchiveName finished), "rename", _path);
        _redo.Delete();
        RecoveryFileException.ThrowIf(files.SyncFolder(folder.Path), "sync", folder.Path);
        return Report(finished.Finished, _why, failed: false);
    }

    /// <summary>
    /// Writes the pages again. After a failed sync Linux treats them as written: another sync would succeed and write nothing. A new
    /// write marks them for the next sync.
    /// </summary>
    private void WriteAgain()
    {
        const int Piece = 1 << 20;
        for (long at = 0; at < _done; at += Piece)
            DurableWrite.All(files, _file!, _path, at, new WritePieces(_reader!.Bytes(at, (int)Math.Min(Piece, _done - at)), default, default, default));
    }

    /// <summary>Deletes the part file, because it holds no record.</summary>
    private RecoveryReport Disappear()
    {
        RecoveryFileException.ThrowIf(files.Delete(_path), "delete", _path);
        files.Delete(folder.PathOf(name.Index));
        _redo.Delete();
        return Report(name.Part, _why, failed: false);
    }

    /// <summary>Sets the part file aside, because nothing in it can be decoded.</summary>
    private RecoveryReport SetAside(ContainerFault fault)
    {
        long bytes = RandomAccess.GetLength(_file!);
        string aside = folder.PathOf(_asideName);
        int error = files.Rename(_path, aside);
        if (error == 0)
            error = files.SyncFolder(folder.Path);
        files.Delete(folder.PathOf(name.Index));
        return error == 0
            ? new RecoveryReport(name.Part, 0, 0, bytes, _asideName, fault.Why, Failed: false)
            : Report(name.Part, new RecoveryFileException("rename", _path, error).Message, failed: true);
    }

    private RecoveryReport Report(string file, string? why, bool failed)
    {
        long aside = _aside?.Bytes ?? 0;
        return new RecoveryReport(file, _blocks, _salvaged, aside, aside > 0 ? _asideName : null, why, failed);
    }

    private sealed class NoContainer(ContainerFault fault) : Exception(fault.Why)
    {
        public ContainerFault Fault => fault;
    }
}
