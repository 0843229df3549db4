using Microsoft.AspNetCore.Diagnostics;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http.Access;
using SpeedData.Server.Http.Describing;
using SpeedData.Server.Http.Registering;
using SpeedData.Server.Metrics;
using SpeedData.Server.Registration;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Http;

/// <summary>Maps every address that the server answers.</summary>
internal static class Endpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapSpeedData(this WebApplication app, IChannelHost channels, RejectReport rejects)
    {
        app.UseExceptionHandler(failed => failed.Run(context =>
            Answer.WriteErrorAsync(context, StatusCodes.Status500InternalServerError, "an unexpected error; the server's log has the details")));
        app.UseStatusCodePages(TellErrorAsync);
        app.UseRouting();
        app.UseAccess();
        app.UseSameServer();
        app.UseKnownParameters();
        app.MapReading("/metrics", app.Services.GetRequiredService<ScrapeEndpoint>().AnswerAsync);
        app.MapReading("/health/live", context => Answer.WriteAsync(context, StatusCodes.Status200OK, new StatusView("live"), Answer.Json.StatusView))
            .Describe("Whether the process answers", null, (200, typeof(StatusView)));
        app.MapReading("/health/ready", context => WriteReadinessAsync(context, channels, app.Services.GetRequiredService<Registrar>()))
            .Describe("Whether every part of every channel is up", null, (200, typeof(StatusView)), (503, typeof(ReadinessView)));
        var list = new ChannelsEndpoint(channels, app.Services.GetRequiredService<Registrar>());
        app.MapReading("/api/v1/channels", list.ListAsync)
            .Describe("All channels, or one page of them, sorted by name", null, (200, typeof(ChannelListView)), (400, typeof(ErrorView)))
            .Asks("status", "only channels of this status").Asks("limit", "most channels of a page").Asks("after", "the value of next in the previous page").ForPredecessorsClients();
        app.MapReading("/api/v1/channels/{name}", list.GetAsync)
            .Describe("A channel", null, (200, typeof(ChannelView)), (404, typeof(ProblemView)));
        app.MapReading("/api/v1/channels/{name}/rejects", context => WithChannelAsync(context, channels, channel =>
            Answer.WriteAsync(context, StatusCodes.Status200OK, rejects.Of(channel), Answer.Json.RejectsView)))
            .Describe("Refused datagrams of a channel, by sender and reason", null, (200, typeof(RejectsView)), (404, typeof(ProblemView)));
    }

    private static IEndpointConventionBuilder MapReading(this WebApplication app, string pattern, RequestDelegate handler) => app.MapMethods(pattern, Reading, handler);

    private static Task WriteReadinessAsync(HttpContext context, IChannelHost channels, Registrar registrar)
    {
        ReadinessView view = Readiness.Of(channels, registrar.Lack);
        if (view is { Status: Readiness.Ready, Warnings.Count: > 0 })
            return Answer.WriteAsync(context, StatusCodes.Status200OK, view, Answer.Json.ReadinessView);
        return view.Status == Readiness.Ready
            ? Answer.WriteAsync(context, StatusCodes.Status200OK, new StatusView(view.Status), Answer.Json.StatusView)
            : Answer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, view, Answer.Json.ReadinessView);
    }

    private static Task WithChannelAsync(HttpContext context, IChannelHost channels, Func<Channel, Task> answer)
    {
        string? name = context.GetRouteValue("name")?.ToString();
        Channel? channel = channels.Channels.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return channel is null
            ? ChannelsEndpoint.NotFoundAsync(context, name)
            : answer(channel);
    }

    /// <summary>Adds a body to errors that come from routing, which have none.</summary>
    private static Task TellErrorAsync(StatusCodeContext status)
    {
        HttpContext context = status.HttpContext;
        int code = context.Response.StatusCode;
        return Answer.WriteErrorAsync(context, code, code switch
        {
            StatusCodes.Status404NotFound => $"nothing is served at '{context.Request.Path}'",
            StatusCodes.Status405MethodNotAllowed => $"'{context.Request.Path}' does not support {context.Request.Method}",
            _ => $"the request failed with status {code}",
        });
    }
}
