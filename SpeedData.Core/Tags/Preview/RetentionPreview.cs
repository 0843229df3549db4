using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Tags.Preview;

/// <summary>The result of the next round of retention, from the server's own code run on unchanged files.</summary>
/// <param name="Deletions">Files to delete, in order.</param>
/// <param name="Staying">Files that should be deleted but stay.</param>
/// <param name="Channels">The state of each channel's folder.</param>
public sealed record RetentionPreview(IReadOnlyList<PreviewedFile> Deletions, IReadOnlyList<PreviewedFile> Staying, IReadOnlyList<PreviewedChannel> Channels)
{
    /// <param name="root">The archive root.</param>
    /// <param name="channels">The channels and their limits.</param>
    /// <param name="tags">The options of tags.</param>
    /// <param name="time">The clock.</param>
    public static RetentionPreview Make(string root, IReadOnlyList<ChannelOptions> channels, TagsOptions tags, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(tags);
        IArchiveFiles real = PortableArchiveFiles.ForThisPlatform;
        var book = new TagBook(root, real, tags.MaxBytes.On);
        book.Refresh();
        var guard = new PreviewGuard(book);
        var watch = new Watch(guard);
        var files = new PreviewFiles(real, path => BytesFreed(book, root, path));
        var round = new RetentionRound(files, time, watch, new ClockWatch(time, isTrusted: true)) { Guard = guard };
        ChannelOptions[] kept = [.. channels.Where(channel => channel.Archive.Enabled)];
        ArchiveFolder[] folders = [.. kept.Select(channel => new ArchiveFolder(Path.Combine(root, channel.Name), channel.Name, files, time))];
        try
        {
            RetainedChannel[] retained = [.. kept.Select((channel, i) => round.Retain(folders[i], channel.Archive, new ChannelCounters()))];
            FolderTotals[] before = [.. folders.Select(folder => folder.Scan() == 0 ? folder.Listing.Totals : new FolderTotals(0, 0, 0, null))];
            Dictionary<string, long> shared = kept.ToDictionary(channel => channel.Name, channel => book.Shared.Of(channel.Name));
            round.Look(retained);
            return new RetentionPreview(watch.Gone, watch.Stayed, [.. kept.Select((channel, i) => new PreviewedChannel(
                channel.Name, before[i].Files, before[i].Bytes, shared[channel.Name], retained[i].State.MinFreeBytes, channel.Archive.RetainFor, channel.Archive.RetainBytes, retained[i].State.Fault?.Message))]);
        }
        finally
        {
            foreach (ArchiveFolder folder in folders)
                folder.Dispose();
        }
    }

    private static long BytesFreed(TagBook book, string root, string path)
    {
        string channel = Path.GetRelativePath(root, Path.GetDirectoryName(path)!);
        string archive = Path.GetFileNameWithoutExtension(path) + FileSuffix.Archive;
        return TagBook.NameOf(channel, archive) is { } name && book.Shared.Has(name) ? 0 : new FileInfo(path).Length;
    }

    private sealed class Watch(PreviewGuard guard) : IRetentionWatch
    {
        public List<PreviewedFile> Gone { get; } = [];

        public List<PreviewedFile> Stayed { get; } = [];

        public void Goes(ArchiveFolder folder, FinishedFile file, DeletionReason reason) => Gone.Add(Of(folder, file, DeletionText.ReasonOf(reason)));

        public void Stays(ArchiveFolder folder, FinishedFile file, string why)
        {
            if (Stayed.TrueForAll(other => other.File != folder.NameOf(file).Finished))
                Stayed.Add(Of(folder, file, why));
        }

        private PreviewedFile Of(ArchiveFolder folder, FinishedFile file, string why)
        {
            ArchiveName name = folder.NameOf(file);
            return new PreviewedFile(folder.Channel, name.Finished, file.Bytes, name.Time, why, guard.TagsOf(name));
        }
    }
}

/// <summary>A file that would be deleted, or that should be deleted but would stay.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Began">The time in the file's name.</param>
/// <param name="Why">The reason.</param>
/// <param name="Tags">The tags that keep the file anyway.</param>
public sealed record PreviewedFile(string Channel, string File, long Bytes, DateTimeOffset Began, string Why, IReadOnlyList<string> Tags);

/// <summary>The state of a channel's folder.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Files">Number of finished files.</param>
/// <param name="Bytes">Size of these files in bytes.</param>
/// <param name="InTags">Bytes of the files that tags keep too, by a second name.</param>
/// <param name="MinFreeBytes">The space to keep free; null for none.</param>
/// <param name="RetainFor">The time that files stay; null for ever.</param>
/// <param name="RetainBytes">The bytes that stay; null for all.</param>
/// <param name="Fault">The error; null for none.</param>
public sealed record PreviewedChannel(string Channel, long Files, long Bytes, long InTags, long? MinFreeBytes, TimeSpan? RetainFor, long? RetainBytes, string? Fault);
