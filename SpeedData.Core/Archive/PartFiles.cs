using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive;

/// <summary>Begins and ends a channel's file with its header and its index. Writer thread.</summary>
internal sealed class PartFiles(
    string channel, string schemaText, string codec, ArchiveOptions options,
    ArchiveFolder folder, IArchiveFiles files, SyncWorker worker, BlockIndexer indexer, Outage outage, TimeProvider time)
{
    /// <param name="firstTimeNs">The Unix time of the first datagram, in ns.</param>
    /// <returns>Null if no file can be opened. The fault is reported.</returns>
    public PartFile? Begin(long firstTimeNs)
    {
        int error = folder.Create(firstTimeNs, out ArchiveName name, out SafeFileHandle? handle);
        if (error == 0)
            return Begin(name, handle!);
        // Without a name, the folder could not be used.
        if (name == default)
            outage.Begin("open", folder.Path, error);
        else
            outage.Begin("create", folder.PathOf(name.Part), error);
        return null;
    }

    /// <summary>Ends a file, to which nothing more is written.</summary>
    public void End(PartFile part)
    {
        // Always cut: after an exception, a torn block may follow the last complete one.
        bool whole = part.CutBack() == 0;
        worker.End(part, part.Blocks == 0 ? PartEnd.Delete : whole ? PartEnd.Finish : PartEnd.SetAside);
    }

    private PartFile? Begin(ArchiveName name, SafeFileHandle handle)
    {
        byte[] sync = ContainerHeader.NewSync();
        var part = new PartFile(files, handle, name, folder.PathOf(name.Part), time.GetTimestamp(), sync);
        byte[] header = ContainerHeader.Encode(Metadata(), sync);
        WriteResult result = part.WriteHeader(header);
        if (part.Length == header.Length)
        {
            part.Index = IndexFile.Create(files, folder.PathOf(name.Index), channel, name, header);
            worker.Opened(part);
            return part;
        }

        End(part);
        outage.Begin(part.Path, result);
        return null;
    }

    private List<(string Key, string Value)> Metadata()
    {
        List<(string, string)> metadata =
        [
            (ContainerHeader.SchemaKey, schemaText),
            (ContainerHeader.CodecKey, codec),
            ("speeddata.channel", channel),
            ("speeddata.created", ContainerHeader.TimeText(time.GetUtcNow())),
            (IndexSchema.OrdinalKey, indexer.Ordinal.ToString(CultureInfo.InvariantCulture)),
        ];
        if (indexer.IsAlternative)
            metadata.Add((ContainerHeader.AlternativeKey, "1"));
        if (indexer.Time is { } field)
            metadata.Add((TimeField.HeaderKey, field.HeaderText));
        if (BootId.Current is { } boot)
            metadata.Add((BootId.Key, boot));
        if (options.HostName)
            metadata.Add(("speeddata.host", Environment.MachineName));
        return metadata;
    }
}
