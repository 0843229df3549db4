using SpeedData.Core.Tags;
using SpeedData.Server.Http.Describing;

namespace SpeedData.Server.Tags;

/// <summary>Maps the addresses of tags.</summary>
internal static class TagsApi
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapTags(this WebApplication app, TagKeeper keeper, TimeProvider time)
    {
        var tags = new TagsEndpoint(keeper, time);
        app.MapMethods("/api/v1/tags", Reading, tags.ListAsync).AsksForPage().Asks("label", "KEY=VALUE: only tags with this label");
        app.MapMethods("/api/v1/tags/{tag}", Reading, tags.GetAsync);
        app.MapMethods("/api/v1/tags/{tag}", [HttpMethods.Put], tags.PutAsync);
        app.MapMethods("/api/v1/tags/{tag}", [HttpMethods.Delete], tags.DeleteAsync).Asks("delete_data", "true: delete the tag even if it has the last copy of recordings");
        app.MapMethods("/api/v1/tags/{tag}/stop", [HttpMethods.Post], tags.StopAsync);
        app.MapMethods("/api/v1/tags/{tag}/marks", [HttpMethods.Post], tags.MarkAsync);
    }
}
