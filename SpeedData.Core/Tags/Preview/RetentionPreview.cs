using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Tags.Preview;

/// <summary>What the next round of retention would do. It is the same code that does it in a server, on files that do not change.</summary>
/// <param name="Deletions">In their order.</param>
/// <param name="Staying">What should go and stays.</param>
/// <param name="Channels">What each channel has.</param>
public sealed record RetentionPreview(IReadOnlyList<PreviewedFile> Deletions, IReadOnlyList<PreviewedFile> Staying, IReadOnlyList<PreviewedChannel> Channels)
{
    /// <param name="root">The archive root.</param>
    /// <param name="channels">The channels and their limits.</param>
    /// <param name="tags">What tags may keep.</param>
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

/// <summary>A file that would be deleted, or that should be and would stay.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Began">The time in its name.</param>
/// <param name="Why">The reason.</param>
/// <param name="Tags">The tags that keep it all the same.</param>
public sealed record PreviewedFile(string Channel, string File, long Bytes, DateTimeOffset Began, string Why, IReadOnlyList<string> Tags);

/// <summary>What a channel's folder has.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Files">Its finished files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="InTags">Of these what tags keep too, by a second name.</param>
/// <param name="MinFreeBytes">What is to stay free; null for nothing.</param>
/// <param name="RetainFor">How long files stay; null for ever.</param>
/// <param name="RetainBytes">How many bytes stay; null for all.</param>
/// <param name="Fault">What cannot be done; null for nothing.</param>
public sealed record PreviewedChannel(string Channel, long Files, long Bytes, long InTags, long? MinFreeBytes, TimeSpan? RetainFor, long? RetainBytes, string? Fault);
