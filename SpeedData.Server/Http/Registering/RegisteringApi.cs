using System.Reflection;
using SpeedData.Server.Http.Access;
using SpeedData.Server.Http.Describing;
using SpeedData.Server.Metrics;

namespace SpeedData.Server.Http.Registering;

/// <summary>Maps the addresses that add, change and remove channels.</summary>
internal static class RegisteringApi
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void AddRegistering(this IServiceCollection services)
    {
        services.AddSingleton<RequestBody>();
        services.AddSingleton<PortTable>();
        services.AddSingleton<RegistrationChecks>();
        services.AddSingleton<RegistrationEndpoint>();
        services.AddSingleton<SchemaEndpoint>();
        services.AddSingleton<PortsEndpoint>();
        services.AddSingleton<ReloadEndpoint>();
    }

    public static void MapRegistering(this WebApplication app)
    {
        RegistrationEndpoint registration = app.Services.GetRequiredService<RegistrationEndpoint>();
        SchemaEndpoint schemas = app.Services.GetRequiredService<SchemaEndpoint>();
        PortsEndpoint ports = app.Services.GetRequiredService<PortsEndpoint>();
        Type problem = typeof(ProblemView);

        app.MapPost("/api/v1/channels", registration.PostAsync)
            .Describe("Registers a channel", typeof(ChannelBody), (201, typeof(DoneView)), (400, problem), (403, typeof(ErrorView)), (409, problem), (413, typeof(ErrorView)), (503, typeof(ErrorView)));
        app.MapPut("/api/v1/channels/{name}", registration.PutAsync)
            .Describe("Registers a channel, or changes it", typeof(ChannelBody), (200, typeof(DoneView)), (201, typeof(DoneView)), (400, problem), (403, typeof(ErrorView)), (409, problem), (412, problem), (413, typeof(ErrorView)), (503, typeof(ErrorView)));
        app.MapDelete("/api/v1/channels/{name}", registration.DeleteAsync)
            .Describe("Removes a registered channel; its recordings remain", null, (200, typeof(DoneView)), (403, typeof(ErrorView)), (404, problem), (409, problem), (412, problem), (503, typeof(ErrorView)));
        app.MapPost("/api/v1/validate", registration.ValidateAsync).WithMetadata(new ReadsOnly())
            .Describe("Checks a channel: reports its faults, or what registering it would change. Changes nothing", typeof(ChannelBody), (200, typeof(ValidView)), (400, problem), (403, typeof(ErrorView)), (413, typeof(ErrorView)), (503, typeof(ErrorView)));
        app.MapPost("/api/v1/reload", app.Services.GetRequiredService<ReloadEndpoint>().PostAsync).WithMetadata(new ReadsOnly(ReloadEndpoint.IsDryRun))
            .Describe("Reads the configuration and all registered channels again; applies everything or nothing", null, (200, typeof(ReloadView)), (400, problem), (403, typeof(ErrorView)), (503, typeof(ErrorView)))
            .Asks("dry_run", "true: report what would change, and change nothing");
        app.MapMethods("/api/v1/channels/{name}/schema", Reading, schemas.GetAsync)
            .Describe("The schema of a channel", null, (200, typeof(object)), (404, problem));
        app.MapPost("/api/v1/channels/{name}/validate-schema", schemas.ValidateAsync).WithMetadata(new ReadsOnly())
            .Describe("Compares a schema with the channel's schema", typeof(SchemaBody), (200, typeof(SchemaMatchView)), (400, problem), (404, problem), (409, typeof(SchemaMatchView)));
        app.MapMethods("/api/v1/ports/available", Reading, ports.AvailableAsync)
            .Describe("Free UDP ports in a range", null, (200, typeof(FreePortsView)), (400, typeof(ErrorView)))
            .Asks("start", "first port, 26000 by default").Asks("end", "last port, 27000 by default").ForPredecessorsClients();
        app.MapMethods("/api/v1/ports/{port}/status", Reading, ports.StatusAsync)
            .Describe("Whether a UDP port is free", null, (200, typeof(PortStatusView)), (404, typeof(ErrorView)));
        foreach (string path in new[] { "/health", "/api/v1/health" })
        {
            app.MapMethods(path, Reading, context => Answer.WriteAsync(context, StatusCodes.Status200OK, Service, RegistrationJson.Readable.ServiceView))
                .Describe("The service's name and version", null, (200, typeof(ServiceView)));
        }
    }

    private static ServiceView Service { get; } = new("ok", "speeddata", ProcessInstruments.Build(Assembly.GetExecutingAssembly()).Version);
}

/// <summary>The body of a request that registers a channel.</summary>
/// <param name="Name">1 to 64 of A-Z a-z 0-9 _ . -</param>
/// <param name="Port">A UDP port, or "auto" for the next free one of 26000 to 27000.</param>
/// <param name="Schema">A path on the server, or the schema itself.</param>
internal sealed record ChannelBody(string Name, object Port, object Schema)
{
    /// <summary>Further keys of the channel, as in the configuration file.</summary>
    public object? Config { get; init; }
}

internal sealed record SchemaBody(object Schema);
