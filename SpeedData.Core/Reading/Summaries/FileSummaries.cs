using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>The summaries of files: read where they were kept, else made. Any thread.</summary>
public static class FileSummaries
{
    // So much of a part file is read in a few milliseconds.
    private const long MostUnsummed = 8 << 20;

    /// <summary>Whether points of a channel are made at once: its finished files have a summary, and others are small.</summary>
    public static bool AreAtHand(ChannelSelection channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.Files.Where(file => file.File.IsPart || !File.Exists(file.File.Stem + SummaryFile.Suffix)).Sum(file => file.Bytes) <= MostUnsummed;
    }

    /// <summary>In the order of the files; null for a file without numeric signals.</summary>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    internal static IReadOnlyList<FileSummary?> Of(IReadOnlyList<FileHead> files, CancellationToken stop)
    {
        var summaries = new FileSummary?[files.Count];
        try
        {
            Parallel.For(0, files.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount) }, i => summaries[i] = Of(files[i], stop));
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<ReadingException>().FirstOrDefault() is { } why)
        {
            throw new ReadingException(why.Message, e);
        }

        return summaries;
    }

    private static FileSummary? Of(FileHead file, CancellationToken stop)
    {
        uint crc = file.HeaderCrc;
        if (!file.File.IsPart && SummaryFile.TryRead(file, crc) is { } kept)
            return kept;
        FileSummary? made = FileSummary.Make(file, default, _ => true, stop);
        // A part file grows.
        if (made is not null && !file.File.IsPart)
            SummaryFile.TryWrite(file, crc, made);
        return made;
    }
}
