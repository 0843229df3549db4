using System.Net;
using SpeedData.Core.Tags;
using SpeedData.Server.Http;

namespace SpeedData.Server.Tags;

/// <summary>Tags over HTTP.</summary>
internal static class TagsApi
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapTags(this WebApplication app, TagKeeper keeper, TimeProvider time)
    {
        var tags = new TagsEndpoint(keeper, time);
        app.MapMethods("/api/v1/tags", Reading, tags.ListAsync);
        app.MapMethods("/api/v1/tags/{tag}", Reading, tags.GetAsync);
        app.MapMethods("/api/v1/tags/{tag}", [HttpMethods.Put], Writing(tags.PutAsync));
        app.MapMethods("/api/v1/tags/{tag}", [HttpMethods.Delete], Writing(tags.DeleteAsync));
        app.MapMethods("/api/v1/tags/{tag}/stop", [HttpMethods.Post], Writing(tags.StopAsync));
        app.MapMethods("/api/v1/tags/{tag}/marks", [HttpMethods.Post], Writing(tags.MarkAsync));
    }

    /// <summary>Only this host may write.</summary>
    private static RequestDelegate Writing(RequestDelegate handler) => context =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            ? handler(context)
            : Answer.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "tags are written from this host only");
}
