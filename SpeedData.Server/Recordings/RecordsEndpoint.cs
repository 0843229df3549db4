using System.Text.RegularExpressions;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Export;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Reading.Summaries;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Http.Registering;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>Answers with records. The server reads a few points of history itself; a separate process does everything else.</summary>
internal sealed partial class RecordsEndpoint(SpeedDataOptions options, IChannelHost host, TimeProvider time, ReaderSlots slots)
{
    public const string RangeHeader = "SpeedData-Range";

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    public Task OfChannelAsync(HttpContext context) => AnswerAsync(context, [context.GetRouteValue("name")?.ToString() ?? ""]);

    public Task OfChannelsAsync(HttpContext context) => AnswerAsync(context, RecordsQuery.Split(context.Request.Query, "channels"));

    private async Task AnswerAsync(HttpContext context, string[] names)
    {
        try
        {
            if (names.Length == 0)
                throw new ReadingException("channels: give the names of one or more channels");
            IReadOnlyList<RecordedChannel> root = Find();
            string[] empty = [.. names.Where(name => !root.Any(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))];
            Channel[] silent = [.. host.Channels.Where(channel => channel.KnownSchemas is not null && empty.Contains(channel.Name, StringComparer.OrdinalIgnoreCase))];
            if (Array.Find(empty, name => !Array.Exists(silent, channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } unknown)
            {
                await NotFoundAsync(context, unknown);
                return;
            }

            var query = RecordsQuery.Of(context.Request.Query, names, RunPauses.Texts(host.Channels), time.GetUtcNow());
            if (silent.Length > 0)
            {
                await using var archives = new ReaderFile();
                await ChildAsync(context, query with { Also = [.. silent.SelectMany(channel => EmptyArchives(channel, archives))] });
                return;
            }

            bool isPageSized = query.MaxPoints is <= RecordsQuery.MostPoints && query.Format is ExportFormat.Json or ExportFormat.Jsonl or ExportFormat.Csv;
            if (!isPageSized || !await TryPointsAsync(context, query, root))
                await ChildAsync(context, query);
        }
        catch (ReadingException e) when (!context.Response.HasStarted)
        {
            await Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, InWords(e.Message));
        }
    }

    public static Task NotFoundAsync(HttpContext context, string? name) => Answer.WriteAsync(
        context, StatusCodes.Status404NotFound, new ProblemView($"Channel not found: nothing was recorded of a channel named '{name}'") { Name = name }, RegistrationJson.Readable.ProblemView);

    private static IEnumerable<string> EmptyArchives(Channel channel, ReaderFile folder) =>
        channel.KnownSchemas!.Select((schema, i) => folder.Put($"{channel.Name}-{i}.avro", EmptyArchive.Of(channel.Name, schema, channel.Options.Time)));

    private IReadOnlyList<RecordedChannel> Find() => Directory.Exists(options.AvroPath) ? ArchiveCatalogue.Find(options.AvroPath) : [];

    /// <returns>False if whole files would have to be read; then a separate process answers.</returns>
    private async Task<bool> TryPointsAsync(HttpContext context, RecordsQuery query, IReadOnlyList<RecordedChannel> root)
    {
        var body = new MemoryStream();
        string? made = await Task.Run(() =>
        {
            TimeRange asked = RangeChoice.Of(query.Range, root, RunPauses.Of(query.Range.Pauses, new PlaceArguments(options.AvroPath, []), TextWriter.Null), time.GetUtcNow(), null, context.RequestAborted);
            IReadOnlyList<RecordedChannel> chosen = ReadPlace.Choose(root, query.Channels);
            ChannelSelection[] channels = ChannelSelection.Of(chosen, asked);
            if (!Array.TrueForAll(channels, FileSummaries.AreAtHand))
                return null;
            var fields = new FieldChoice(query.Fields) { ArrayColumns = ArrayChoice.Of(query.ArrayColumns), CutsArrays = query.Lossy };
            TableExport.Run(channels, fields, new ExportOptions(query.Format, query.Every, query.MaxPoints, IsLossy: query.Lossy), body, null, context.RequestAborted);
            return RangeChoice.Text(asked, channels);
        });
        if (made is not { } range)
            return false;
        Begin(context, query, range);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
        return true;
    }

    private async Task ChildAsync(HttpContext context, RecordsQuery query)
    {
        using IDisposable? slot = slots.TryTake();
        if (slot is null)
        {
            await BusyAsync(context);
            return;
        }

        if (query.Format == ExportFormat.Hdf5)
        {
            await FileAsync(context, query);
            return;
        }

        using ReaderProcess child = await ReaderProcess.StartAsync(query.Arguments(options.AvroPath));
        byte[] buffer = new byte[64 << 10];
        int read = await child.Output.ReadAsync(buffer, context.RequestAborted);
        if (read == 0)
        {
            (int exitCode, string errors) = await child.EndAsync(context.RequestAborted);
            if (exitCode != ExitCode.Ok)
            {
                await FailedAsync(context, exitCode, errors);
                return;
            }
        }

        Begin(context, query, await child.FirstLine);
        for (; read > 0; read = await child.Output.ReadAsync(buffer, context.RequestAborted))
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
        // An incomplete answer must not look complete.
        if ((await child.EndAsync(context.RequestAborted)).ExitCode != ExitCode.Ok)
            context.Abort();
    }

    // The file is finished before its first byte is sent, since the format fills in offsets at the end.
    private async Task FileAsync(HttpContext context, RecordsQuery query)
    {
        await using var file = new ReaderFile();
        (int exitCode, string errors, string? first) = await file.MakeAsync(path => query.Arguments(options.AvroPath, path), context.RequestAborted);
        if (exitCode != ExitCode.Ok)
        {
            await FailedAsync(context, exitCode, errors);
            return;
        }

        Begin(context, query, first);
        await file.SendAsync(context);
    }

    /// <summary>Answers with the error of a command that failed.</summary>
    public static Task FailedAsync(HttpContext context, int exitCode, string errors)
    {
        int status = exitCode is ExitCode.Usage or ExitCode.NoInput ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;
        return Answer.WriteErrorAsync(context, status, InWords(Plain(errors)));
    }

    public static Task BusyAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = $"{ComeAgain.TotalSeconds:0}";
        return Answer.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "all readers are busy (Api:Readers); try again later");
    }

    private static void Begin(HttpContext context, RecordsQuery query, string? range)
    {
        context.Response.ContentType = query.Format.MediaType();
        if (range is not null)
            context.Response.Headers[RangeHeader] = range.Replace("range: ", "", StringComparison.Ordinal);
        if (query.Format is not ExportFormat.Json)
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{string.Join('-', query.Channels).Replace('/', '_')}{query.Format.Extension()}\"";
    }

    /// <summary>Returns the last line, in which the command reports the error.</summary>
    private static string Plain(string errors) => (errors.Split('\n').LastOrDefault(line => line.Length > 0) ?? "the reader failed").Replace("SpeedData.Server: ", "", StringComparison.Ordinal);

    /// <summary>Replaces options of the command by the request's parameters.</summary>
    private static string InWords(string message) => Option().Replace(message, option => option.Groups[1].Value.Replace('-', '_'));

    [GeneratedRegex(@"(?<!\S)--([a-z]+(-[a-z]+)*)")]
    private static partial Regex Option();
}
