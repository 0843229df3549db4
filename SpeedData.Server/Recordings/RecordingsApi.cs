using SpeedData.Core.Configuration;
using SpeedData.Core.Export;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Http.Describing;

namespace SpeedData.Server.Recordings;

/// <summary>Maps the addresses that read recordings.</summary>
internal static class RecordingsApi
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapRecordings(this WebApplication app, SpeedDataOptions options, IChannelHost host, TimeProvider time)
    {
        var slots = new ReaderSlots(options.Readers);
        app.Lifetime.ApplicationStopped.Register(slots.Dispose);
        var records = new RecordsEndpoint(options, host, time, slots);
        var runs = new RunsEndpoint(options, host, time, slots);
        var archives = new ArchivesEndpoint(options, host, time);
        Map(app, "/api/v1/channels/{name}/records", records.OfChannelAsync).AsksForRecords();
        Map(app, "/api/v1/export", records.OfChannelsAsync).Asks("channels", "names, separated by commas").AsksForRecords();
        Map(app, "/api/v1/pivot/export", new PivotEndpoint(options, time, slots).AnswerAsync)
            .Asks("start", "start of the range").Asks("end", "end of the range").Asks("duration", "instead of end: PTnHnMnS").Asks("channels", "names, separated by commas").Asks("signals", "names, separated by commas").ForPredecessorsClients();
        Map(app, "/api/v1/runs", runs.RunsAsync).AsksForPage();
        Map(app, "/api/v1/coverage", runs.CoverageAsync).AsksForPage();
        Map(app, "/api/v1/channels/{name}/archives", archives.ListAsync).AsksForPage();
        Map(app, "/api/v1/channels/{name}/archives/{file}", archives.FileAsync);
    }

    private static void AsksForRecords(this IEndpointConventionBuilder endpoint) => endpoint.AsksForRange()
        .Asks("run", "a run as the range: its id, or last").Asks("tag", "a tag as the range: its name").Asks("clock", "received or device: the clock of the range")
        .Asks("fields", "names of signals, separated by commas").Asks("every", "N: only each Nth record").Asks("max_points", "N: at most N rows with minimum, maximum, mean and count")
        .Asks("format", $"json or {ExportFormats.Names}").Asks("time_unit", "us or ns, for Parquet").Asks("array_columns", "NAME=N: columns for an array, in CSV").Asks("lossy", "true: write values that the format cannot hold as text");

    private static IEndpointConventionBuilder Map(WebApplication app, string pattern, RequestDelegate handler) => app.MapMethods(pattern, Reading, handler).WithMetadata(new WarmUp.Costly());
}
