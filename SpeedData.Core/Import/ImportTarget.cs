using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Import;

/// <summary>Writes the records of a schema to archives of a channel, in the server's format and with an index. One thread.</summary>
/// <param name="channel">The channel's name.</param>
/// <param name="schema">The schema of the records.</param>
/// <param name="folder">The channel's folder.</param>
internal sealed class ImportTarget(string channel, RecordSchema schema, string folder) : IDisposable
{
    /// <summary>Suffix of a file that is not finished.</summary>
    public const string Unfinished = ".import";

    private const int BlockBytes = 256 << 10;
    private const long FileBytes = 256L << 20;

    private readonly IArchiveFiles _files = PortableArchiveFiles.ForThisPlatform;
    private readonly TimeField? _time = TimeField.Find(schema.Layout);
    private readonly MemoryStream _block = new(2 * BlockBytes);
    private readonly List<string> _written = [];
    private ContainerWriter? _writer;
    private ArchiveName _name;
    private long _inBlock;

    public RecordLayout Layout => schema.Layout;

    public string Channel => channel;

    public long Records { get; private set; }

    /// <summary>The finished files.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <param name="record">A record that matches the schema.</param>
    /// <param name="otherwise">The assumed time of recording, if the record has no time.</param>
    /// <param name="stop">Cancels the import.</param>
    /// <exception cref="RepairOutputException">The archive cannot be written.</exception>
    public void Add(ReadOnlySpan<byte> record, DateTimeOffset otherwise, CancellationToken stop)
    {
        if (_writer is null)
            Begin(record, otherwise);
        _block.Write(record);
        _inBlock++;
        Records++;
        if (_block.Length < BlockBytes)
            return;
        WriteBlock();
        if (_writer!.Length >= FileBytes)
            End(stop);
    }

    /// <summary>Finishes the open file.</summary>
    public void End(CancellationToken stop)
    {
        if (_writer is null)
            return;
        WriteBlock();
        _writer.Flush();
        _writer.Dispose();
        _writer = null;
        string path = Path.Combine(folder, _name.Finished);
        RepairOutputException.ThrowIf(_files.Rename(path + Unfinished, path), "rename", path + Unfinished);
        new IndexRebuild(_files, Path.Combine(folder, _name.Index), channel, _name, new TimeOptions()).Run(path, stop);
        RepairOutputException.ThrowIf(_files.SyncFolder(folder), "sync", folder);
        _written.Add(path);
    }

    public void Dispose()
    {
        if (_writer is null)
            return;
        _writer.Dispose();
        File.Delete(Path.Combine(folder, _name.Finished + Unfinished));
    }

    private void Begin(ReadOnlySpan<byte> record, DateTimeOffset otherwise)
    {
        long microseconds = _time is not null && _time.TryRead(record, out long ns) && ns >= 0 ? ns / 1000 : Math.Max(0, (otherwise - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        RepairOutputException.ThrowIf(_files.CreateFolder(folder), "create", folder);
        _name = new ArchiveName(channel, microseconds);
        while (File.Exists(Path.Combine(folder, _name.Finished)) || File.Exists(Path.Combine(folder, _name.Part)) || File.Exists(Path.Combine(folder, _name.Finished + Unfinished)))
            _name = _name.Next;
        _writer = ContainerWriter.Create(_files, Path.Combine(folder, _name.Finished + Unfinished));
        byte[] header = ContainerHeader.Encode([(ContainerHeader.SchemaKey, schema.Text), (ContainerHeader.CodecKey, "null"), ("speeddata.channel", channel)], _writer.Sync);
        _writer.Begin(header.AsSpan(0, header.Length - ContainerHeader.SyncLength));
    }

    private void WriteBlock()
    {
        if (_inBlock == 0)
            return;
        _writer!.Block(_inBlock, _block.GetBuffer().AsSpan(0, (int)_block.Length));
        _block.SetLength(0);
        _inBlock = 0;
    }
}
