using Microsoft.Net.Http.Headers;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>A file of a channel.</summary>
internal sealed record ArchiveFileView(string File, long Bytes, DateTimeOffset Modified, bool Open, long? IndexBytes);

internal sealed record ArchiveListView(IReadOnlyList<ArchiveFileView> Archives, string? Next);

/// <summary>Lists a channel's files, newest first, and serves them. Names are looked up in the list, never used as paths.</summary>
internal sealed class ArchivesEndpoint(SpeedDataOptions options, IChannelHost host, TimeProvider time)
{
    private const int UsualLimit = 1000;

    public Task ListAsync(HttpContext context)
    {
        if (ChannelOf(context) is not { } channel)
            return NothingAsync(context);
        TimeRange range;
        ListPage page;
        try
        {
            range = RangeOf(context);
            page = ListPage.Of(context.Request.Query, UsualLimit);
        }
        catch (ReadingException e)
        {
            return Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }

        IEnumerable<ListedFile> files = range.IsOpen ? channel.Files : ChannelSelection.HeadsOf(channel).Where(head => head.MayMeet(range)).Select(head => head.File);
        ListedFile[] newest = [.. files.Reverse().Where(file => page.After is null || string.CompareOrdinal(file.Name, page.After) < 0)];
        IReadOnlyList<ListedFile> taken = page.Take(newest, file => file.Name, out string? next);
        return Answer.WriteAsync(context, StatusCodes.Status200OK, new ArchiveListView([.. taken.Select(Of).OfType<ArchiveFileView>()], next), ReadingJson.Default.ArchiveListView);
    }

    public Task FileAsync(HttpContext context)
    {
        if (ChannelOf(context) is not { } channel)
            return RecordsEndpoint.NotFoundAsync(context, NameOf(context));
        string? name = context.GetRouteValue("file")?.ToString();
        ListedFile? listed = channel.Files.FirstOrDefault(file => file.Name == name || Path.GetFileName(file.IndexPath) == name);
        FileInfo? file = listed is null ? null : new FileInfo(listed.Name == name ? listed.Path : listed.IndexPath);
        if (file is not { Exists: true })
            return Answer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"channel '{channel.Name}' has no file named '{name}'");
        var tag = new EntityTagHeaderValue($"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\"");
        return TypedResults.PhysicalFile(file.FullName, "application/avro", file.Name, file.LastWriteTimeUtc, tag, enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>Returns the requested range of receive time.</summary>
    private TimeRange RangeOf(HttpContext context)
    {
        var moments = new MomentText(time.GetUtcNow(), null);
        return new TimeRange(Moment("from"), Moment("to"));
        long? Moment(string key) => context.Request.Query[key].FirstOrDefault() is { Length: > 0 } text ? moments.Parse(key, text) : null;
    }

    private RecordedChannel? ChannelOf(HttpContext context)
    {
        string? name = NameOf(context);
        return Directory.Exists(options.AvroPath)
            ? ArchiveCatalogue.Find(options.AvroPath).FirstOrDefault(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            : null;
    }

    private static ArchiveFileView? Of(ListedFile listed)
    {
        FileInfo file = new(listed.Path), index = new(listed.IndexPath);
        return file.Exists ? new ArchiveFileView(listed.Name, file.Length, file.LastWriteTimeUtc, listed.IsPart, index.Exists ? index.Length : null) : null;
    }

    /// <summary>Answers an empty list if the channel exists but has recorded nothing.</summary>
    private Task NothingAsync(HttpContext context) => host.Channels.Any(channel => channel.Name.Equals(NameOf(context), StringComparison.OrdinalIgnoreCase))
        ? Answer.WriteAsync(context, StatusCodes.Status200OK, new ArchiveListView([], null), ReadingJson.Default.ArchiveListView)
        : RecordsEndpoint.NotFoundAsync(context, NameOf(context));

    private static string? NameOf(HttpContext context) => context.GetRouteValue("name")?.ToString();
}
