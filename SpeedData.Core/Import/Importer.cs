using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Container;
using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Import;

/// <summary>The import result of a file.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Bytes">The file's size.</param>
public sealed record ImportedFile(string Path, long Bytes)
{
    /// <summary>Number of imported records.</summary>
    public long Records { get; set; }

    /// <summary>Number of records that another file has too.</summary>
    public long Duplicates { get; set; }

    /// <summary>Number of records that match more than one schema and were left out.</summary>
    public long Ambiguous { get; set; }

    /// <summary>Number of complete frames whose record matches no schema.</summary>
    public long Unfit { get; set; }

    /// <summary>Bytes outside complete frames, and the frames of <see cref="Unfit"/>.</summary>
    public IReadOnlyList<LostBytes> Lost { get; set; } = [];

    /// <summary>Why the file could not be read; null if it was read.</summary>
    public string? Trouble { get; set; }

    public long BytesLost => Lost.Sum(lost => lost.Bytes);

    public bool IsLossy => Trouble is not null || Ambiguous > 0 || BytesLost > 0;
}

/// <summary>A schema and the channel that receives its records.</summary>
public sealed record ImportSchema(string Channel, RecordSchema Schema)
{
    /// <summary>Returns why a channel name is not allowed; null if it is.</summary>
    public static string? FaultOf(string channel) => PlainValues.Name(channel) is { IsValid: false } wrong ? wrong.Remedy : null;
}

/// <summary>The result of an import.</summary>
/// <param name="Files">The result of each file.</param>
/// <param name="Written">Paths of the written archives.</param>
/// <param name="Trouble">Why the output could not be written; null if it was written.</param>
public sealed record ImportResult(IReadOnlyList<ImportedFile> Files, IReadOnlyList<string> Written, string? Trouble);

/// <summary>
/// Extracts the records of the predecessor's files and writes each to archives of the one schema that it matches. If several files have the
/// same record, the first copy is imported. One thread.
/// </summary>
/// <param name="schemas">At least one.</param>
/// <param name="root">The archive root to write to.</param>
/// <param name="stop">Cancels the import.</param>
public sealed class Importer(IReadOnlyList<ImportSchema> schemas, string root, CancellationToken stop)
{
    private readonly ImportTarget[] _targets = [.. schemas.Select(schema => new ImportTarget(schema.Channel, schema.Schema, Path.Combine(root, schema.Channel)))];
    private readonly HashSet<UInt128> _earlier = [];

    /// <param name="paths">Files, oldest first.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OperationCanceledException">The import was cancelled; the unfinished file is deleted.</exception>
    public ImportResult Run(IReadOnlyList<string> paths, IInspectProgress? progress)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var files = new List<ImportedFile>();
        string? trouble = null;
        try
        {
            foreach (string path in paths)
                files.Add(Import(path, isAlone: paths.Count == 1, progress));
            foreach (ImportTarget target in _targets)
                target.End(stop);
        }
        catch (RepairOutputException e)
        {
            trouble = e.Message;
        }
        finally
        {
            foreach (ImportTarget target in _targets)
                target.Dispose();
        }

        return new ImportResult(files, [.. _targets.SelectMany(target => target.Written)], trouble);
    }

    private ImportedFile Import(string path, bool isAlone, IInspectProgress? progress)
    {
        try
        {
            using SafeFileHandle handle = OpenFile.Open(path, out IByteSource source);
            var file = new ImportedFile(path, source.Length);
            Span<byte> magic = stackalloc byte[4];
            if (source.Read(0, magic) == magic.Length && magic.SequenceEqual(ContainerHeader.Magic))
            {
                file.Trouble = "is an Avro container file, which needs no import: every command reads it";
                return file;
            }

            Read(source, file, File.GetLastWriteTimeUtc(path), isAlone, progress);
            return file;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return new ImportedFile(path, 0) { Trouble = $"cannot be read: {e.Message}" };
        }
    }

    private void Read(IByteSource source, ImportedFile file, DateTimeOffset modified, bool isAlone, IInspectProgress? progress)
    {
        var frames = new FrameReader(source, FitsAny, stop);
        var here = new HashSet<UInt128>();
        while (frames.MoveNext(out Frame frame))
        {
            progress?.At(file.Path, frame.Offset, file.Bytes);
            ReadOnlySpan<byte> record = frames.Payload(frame);
            if (TheOnly(record) is not { } target)
            {
                file.Ambiguous++;
                continue;
            }

            if (!isAlone && !IsNew(record, here))
            {
                file.Duplicates++;
                continue;
            }

            target.Add(record, modified, stop);
            file.Records++;
        }

        _earlier.UnionWith(here);
        (file.Lost, file.Unfit) = (frames.Lost, frames.Unfit);
    }

    private bool FitsAny(ReadOnlySpan<byte> record)
    {
        foreach (ImportTarget target in _targets)
        {
            if (target.Layout.Check(record) == RecordFaultKind.None)
                return true;
        }

        return false;
    }

    // Two equal records of one file are not copies: the sender sent both.
    private bool IsNew(ReadOnlySpan<byte> record, HashSet<UInt128> here)
    {
        UInt128 hash = XxHash128.HashToUInt128(record);
        if (_earlier.Contains(hash))
            return false;
        here.Add(hash);
        return true;
    }

    /// <summary>Returns the target whose schema the record matches; null if none or several match.</summary>
    private ImportTarget? TheOnly(ReadOnlySpan<byte> record)
    {
        ImportTarget? only = null;
        foreach (ImportTarget target in _targets)
        {
            if (target.Layout.Check(record) != RecordFaultKind.None)
                continue;
            if (only is not null)
                return null;
            only = target;
        }

        return only;
    }
}
