using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>
/// Provides summaries of files: reads stored ones and creates missing ones. The summary of a growing file is stored too, and each reading
/// adds the blocks that it does not cover yet. Any thread.
/// </summary>
public static class FileSummaries
{
    // The number of bytes that can be read in a few milliseconds.
    private const long MostUnsummed = 16 << 20;

    // A summary is stored again if it lacks this many bytes, or this fraction of its bytes.
    private const long LeastGrowth = 1 << 20, GrowthPart = 16;

    /// <summary>Whether points of a channel can be created immediately, because the files have summaries or little is missing.</summary>
    public static bool AreAtHand(ChannelSelection channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.Files.Sum(file => Math.Max(0, file.Bytes - SummaryFile.Covered(file.File))) <= MostUnsummed;
    }

    /// <summary>Creates missing summaries, smallest first: slow channels are viewed over long times, and their files are small.</summary>
    /// <param name="channels">The channels.</param>
    /// <param name="mostBytes">The most bytes to read.</param>
    /// <param name="stop">Cancels the work.</param>
    /// <returns>The number of bytes read.</returns>
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

    /// <summary>Returns the summaries in file order; null for a file without numeric signals.</summary>
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

    /// <summary>Extends a summary to the end of the settled part of the file, and stores it.</summary>
    private static FileSummary? Kept(FileHead file, CancellationToken stop)
    {
        FileSummary? summary = FileSummary.Make(file, SummaryFile.TryRead(file, _ => true), SettledEnd(file), _ => true, stop);
        if (summary is not null)
            SummaryFile.TryWrite(file, summary);
        return summary;
    }

    // While a file is written, its index lags behind, so the times of the last blocks are not known yet.
    private static long SettledEnd(FileHead file) => file.File.IsPart ? file.IndexedBytes : file.Bytes;

    private static long Missing(ListedFile file)
    {
        var info = new FileInfo(file.Path);
        return info.Exists ? info.Length - SummaryFile.Covered(file) : 0;
    }
}
