using SpeedData.Core.Configuration;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;

namespace SpeedData.Server.Recordings;

/// <summary>What was recorded, over HTTP.</summary>
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
        Map(app, "/api/v1/channels/{name}/records", records.OfChannelAsync);
        Map(app, "/api/v1/export", records.OfChannelsAsync);
        Map(app, "/api/v1/pivot/export", new PivotEndpoint(options, time, slots).AnswerAsync);
        Map(app, "/api/v1/runs", runs.RunsAsync);
        Map(app, "/api/v1/coverage", runs.CoverageAsync);
        Map(app, "/api/v1/channels/{name}/archives", archives.ListAsync);
        Map(app, "/api/v1/channels/{name}/archives/{file}", archives.FileAsync);
    }

    private static void Map(WebApplication app, string pattern, RequestDelegate handler) => app.MapMethods(pattern, Reading, handler).WithMetadata(new WarmUp.Costly());
}
