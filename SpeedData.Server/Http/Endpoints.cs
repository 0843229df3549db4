using Microsoft.AspNetCore.Diagnostics;
using OpenTelemetry.Metrics;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http.Access;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Http;

/// <summary>What is served.</summary>
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
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new HttpMethodMetadata(Reading));
        app.MapReading("/health/live", context => Answer.WriteAsync(context, StatusCodes.Status200OK, new StatusView("live"), Answer.Json.StatusView));
        app.MapReading("/health/ready", context => WriteReadinessAsync(context, channels));
        app.MapReading("/api/v1/channels", context => Answer.WriteAsync(
            context, StatusCodes.Status200OK, new ChannelListView([.. channels.Channels.Select(ChannelView.Of)]), Answer.Json.ChannelListView));
        app.MapReading("/api/v1/channels/{name}", context => WithChannelAsync(context, channels, channel =>
            Answer.WriteAsync(context, StatusCodes.Status200OK, ChannelView.Of(channel), Answer.Json.ChannelView)));
        app.MapReading("/api/v1/channels/{name}/rejects", context => WithChannelAsync(context, channels, channel =>
            Answer.WriteAsync(context, StatusCodes.Status200OK, rejects.Of(channel), Answer.Json.RejectsView)));
    }

    private static void MapReading(this WebApplication app, string pattern, RequestDelegate handler) => app.MapMethods(pattern, Reading, handler);

    private static Task WriteReadinessAsync(HttpContext context, IChannelHost channels)
    {
        ReadinessView view = Readiness.Of(channels);
        return view.Status == Readiness.Ready
            ? Answer.WriteAsync(context, StatusCodes.Status200OK, new StatusView(view.Status), Answer.Json.StatusView)
            : Answer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, view, Answer.Json.ReadinessView);
    }

    private static Task WithChannelAsync(HttpContext context, IChannelHost channels, Func<Channel, Task> answer)
    {
        string? name = context.GetRouteValue("name")?.ToString();
        Channel? channel = channels.Channels.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return channel is null
            ? Answer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"no channel is named '{name}'")
            : answer(channel);
    }

    /// <summary>Routing answers what it does not know without a body.</summary>
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
