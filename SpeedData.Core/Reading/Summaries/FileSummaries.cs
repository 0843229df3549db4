using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>
/// The summaries of files: read where they were kept, else made. That of a file which grows is kept too, and the blocks behind
/// what it covers are added at each reading. Any thread.
/// </summary>
public static class FileSummaries
{
    // So much of a file is read in a few milliseconds.
    private const long MostUnsummed = 16 << 20;

    // A summary is written again when this many bytes are missing in it, or this part of it.
    private const long LeastGrowth = 1 << 20, GrowthPart = 16;

    /// <summary>Whether points of a channel are made at once: the files have a summary, or little is missing.</summary>
    public static bool AreAtHand(ChannelSelection channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.Files.Sum(file => Math.Max(0, file.Bytes - SummaryFile.Covered(file.File))) <= MostUnsummed;
    }

    /// <summary>Makes what is missing, the smallest first: of slow channels a long time is looked at, and their files are small.</summary>
    /// <param name="channels">Whose files.</param>
    /// <param name="mostBytes">What is read of them at most.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Bytes read.</returns>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public static long Keep(IEnumerable<RecordedChannel> channels, long mostBytes, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var schemas = new SchemaCache();
        long read = 0;
        foreach ((ListedFile file, long missing) in channels.SelectMany(channel => channel.Files).Select(file => (file, Missing(file))).Where(pair => pair.Item2 > 0).OrderBy(pair => pair.Item2))
        {
            if (read + missing > mostBytes)
                break;
            if (FileHead.Read(file, schemas) is not { Layout: not null } head || !IsDue(head, SummaryFile.Covered(head.File)))
                continue;
            Kept(head, stop);
            read += missing;
        }

        return read;
    }

    /// <summary>In the order of the files; null for a file without numeric signals.</summary>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    internal static IReadOnlyList<FileSummary?> Of(IReadOnlyList<FileHead> files, Func<string, bool> isWanted, CancellationToken stop)
    {
        var summaries = new FileSummary?[files.Count];
        try
        {
            Parallel.For(0, files.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount) }, i => summaries[i] = Of(files[i], isWanted, stop));
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<ReadingException>().FirstOrDefault() is { } why)
        {
            throw new ReadingException(why.Message, e);
        }

        return summaries;
    }

    private static FileSummary? Of(FileHead file, Func<string, bool> isWanted, CancellationToken stop)
    {
        FileSummary? summary = IsDue(file, SummaryFile.Covered(file.File)) ? Kept(file, stop) : SummaryFile.TryRead(file, isWanted);
        return FileSummary.Make(file, summary, file.Bytes, isWanted, stop);
    }

    private static bool IsDue(FileHead file, long covered) => SettledEnd(file) - covered is var missing and > 0 && (!file.File.IsPart || missing >= Math.Max(LeastGrowth, covered / GrowthPart));

    /// <summary>Adds what is missing up to where nothing changes any more, and keeps it.</summary>
    private static FileSummary? Kept(FileHead file, CancellationToken stop)
    {
        FileSummary? summary = FileSummary.Make(file, SummaryFile.TryRead(file, _ => true), SettledEnd(file), _ => true, stop);
        if (summary is not null)
            SummaryFile.TryWrite(file, summary);
        return summary;
    }

    // While a file is written, its index follows a little later, and the times of the last blocks are not known yet.
    private static long SettledEnd(FileHead file) => file.File.IsPart ? file.IndexedBytes : file.Bytes;

    private static long Missing(ListedFile file)
    {
        var info = new FileInfo(file.Path);
        return info.Exists ? info.Length - SummaryFile.Covered(file) : 0;
    }
}
