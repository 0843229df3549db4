using System.Net.Sockets;
using System.Net.WebSockets;
using System.Reflection;
using Microsoft.AspNetCore.Connections.Features;
using SpeedData.Core.Live;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Http.Access;
using SpeedData.Server.Http.Describing;
using SpeedData.Server.Live.Foxglove;
using SpeedData.Server.Metrics;

namespace SpeedData.Server.Live;

/// <summary>Maps the WebSocket addresses for watching channels.</summary>
internal static class LiveEndpoint
{
    public const string Subprotocol = "speeddata.live.v1";

    private static readonly string[] FoxgloveSubprotocols = ["foxglove.sdk.v1", "foxglove.websocket.v1"];

    // The socket's send buffer: what the kernel keeps for a watcher that does not read.
    private const int SendBufferBytes = 64 << 10;

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(20);

    public static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<WatcherSlots>();
        services.AddSingleton<SignalCatalogue>();
        services.AddSingleton<ChannelStates>();
        services.AddSingleton<JsonFeeds>();
        services.AddSingleton(provider => new Watch(() => provider.GetRequiredService<IChannelHost>().Channels, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Watch>>()));
        services.AddSingleton(provider => new LiveServices(
            provider.GetRequiredService<Watch>(),
            provider.GetRequiredService<SignalCatalogue>(),
            provider.GetRequiredService<ChannelStates>(),
            provider.GetRequiredService<StorageSpace>(),
            provider.GetRequiredService<TimeProvider>(),
            Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? ""));
    }

    public static void MapLive(this WebApplication app)
    {
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = PingEvery });
        LiveServices services = app.Services.GetRequiredService<LiveServices>();
        JsonFeeds feeds = app.Services.GetRequiredService<JsonFeeds>();
        app.MapWatchers("/api/v1/live", [Subprotocol], async (socket, _, stop) =>
        {
            using var connection = new LiveConnection(socket, services);
            await connection.RunAsync(stop);
        });
        app.MapJson(services, feeds);
        app.MapWatchers("/foxglove", FoxgloveSubprotocols, async (socket, _, stop) =>
        {
            using var connection = new FoxgloveConnection(socket, services, feeds);
            await connection.RunAsync(stop);
        });
    }

    private static void MapJson(this WebApplication app, LiveServices services, JsonFeeds feeds)
    {
        app.MapWatchers("/api/v1/live/json", [], async (socket, context, stop) =>
        {
            using var connection = new JsonConnection(socket, $"{context.Request.Query["channel"]}", services, feeds);
            await connection.RunAsync(stop);
        }, context => HasChannel(services, context) ? null : (StatusCodes.Status404NotFound, $"no channel is named '{context.Request.Query["channel"]}'; name one with ?channel=")).Asks("channel", "its name").ForPredecessorsClients();
    }

    private static bool HasChannel(LiveServices services, HttpContext context)
    {
        services.Catalogue.Refresh();
        return services.Catalogue.Find($"{context.Request.Query["channel"]}") is not null;
    }

    /// <summary>Serves an address at which a watcher opens a WebSocket.</summary>
    /// <param name="app">The application.</param>
    /// <param name="path">The address.</param>
    /// <param name="subprotocols">The watcher must offer one of these, the best first; empty for any or none.</param>
    /// <param name="serve">Serves the watcher until it leaves.</param>
    /// <param name="objection">Returns why a request is refused, or null. Null to accept every request.</param>
    private static IEndpointConventionBuilder MapWatchers(
        this WebApplication app, string path, string[] subprotocols, Func<WebSocket, HttpContext, CancellationToken, Task> serve, Func<HttpContext, (int Status, string Why)?>? objection = null)
    {
        WatcherSlots slots = app.Services.GetRequiredService<WatcherSlots>();
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        return app.MapGet(path, async (HttpContext context) =>
        {
            string? subprotocol = Agreed(subprotocols, context.WebSockets.WebSocketRequestedProtocols);
            if (!context.WebSockets.IsWebSocketRequest)
                await Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, $"{path} is a WebSocket; docs/live-protocol.md says what is sent");
            else if (subprotocols.Length > 0 && subprotocol is null)
                await Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, $"offer the subprotocol {string.Join(" or ", subprotocols)}");
            else if (objection?.Invoke(context) is { } reason)
                await Answer.WriteErrorAsync(context, reason.Status, reason.Why);
            else if (!slots.TryTake())
                await Answer.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, $"{slots.Most} watchers are connected already; raise SpeedData:Live:Watchers to allow more");
            else
                await ServeAsync(context, subprotocol, slots, socket => serve(socket, context, stopping));
        });
    }

    /// <summary>Chooses the subprotocol. If none is required, accepts any except the token: browsers insist on one.</summary>
    private static string? Agreed(string[] own, IList<string> offered) => own.Length > 0
        ? own.FirstOrDefault(offered.Contains)
        : offered.FirstOrDefault(name => !name.StartsWith(TokenCheck.Subprotocol, StringComparison.Ordinal));

    private static async Task ServeAsync(HttpContext context, string? subprotocol, WatcherSlots slots, Func<WebSocket, Task> serve)
    {
        try
        {
            if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } plain)
                plain.SendBufferSize = SendBufferBytes;
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(subprotocol);
            await serve(socket);
        }
        catch (SocketException)
        {
            // The connection is closed already.
        }
        finally
        {
            slots.GiveBack();
        }
    }
}
