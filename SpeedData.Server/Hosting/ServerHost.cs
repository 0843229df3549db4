using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Logging.Console;
using SpeedData.Core.Configuration;
using SpeedData.Core.Tags;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Demo;
using SpeedData.Server.Http;
using SpeedData.Server.Http.Access;
using SpeedData.Server.Http.Describing;
using SpeedData.Server.Http.Registering;
using SpeedData.Server.Live;
using SpeedData.Server.Metrics;
using SpeedData.Server.Pages;
using SpeedData.Server.Recordings;
using SpeedData.Server.Registration;
using SpeedData.Server.Rejects;
using SpeedData.Server.Reporting;
using SpeedData.Server.Tags;

namespace SpeedData.Server.Hosting;

/// <summary>Everything that a server is built from.</summary>
/// <param name="Options">SpeedData's own options with the channels.</param>
/// <param name="Configuration">The whole configuration, for sections that are not SpeedData's own, such as <c>Logging</c>.</param>
/// <param name="Urls">The addresses where HTTP is served.</param>
/// <param name="Demo">Whether the signal generator runs.</param>
/// <param name="RequireHttp">Whether the process ends if HTTP cannot be served.</param>
internal sealed record ServerPlan(SpeedDataOptions Options, IConfiguration Configuration, string[] Urls, bool Demo, bool RequireHttp = false)
{
    /// <summary>The files that <see cref="Configuration"/> was read from; null for none.</summary>
    public ConfigurationSources? Sources { get; init; }

    /// <summary>Reads the configuration again; null if there is nothing to read.</summary>
    public Func<WholeConfiguration>? Reread { get; init; }
}

/// <summary>
/// Builds the server without .NET's defaults: no file is watched, and only the plan's settings are read.
/// </summary>
internal static class ServerHost
{
    /// <summary>Time for everything else to stop, besides the channels.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    public static WebApplication Build(ServerPlan plan, ApplicationEnvironment environment)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (ListenUrls.AnyIsEncrypted(plan.Urls))
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Configure(Encryption.Of(plan.Configuration)));
        AddLogging(builder.Logging, plan.Configuration, environment.Log);
        AddServices(builder.Services, plan, environment);
        WebApplication app = builder.Build();
        // Created here so that the container disposes of it with the server.
        app.Services.GetRequiredService<ServerMeter>();
        app.MapSpeedData(app.Services.GetRequiredService<IChannelHost>(), app.Services.GetRequiredService<RejectReport>());
        app.MapLive();
        app.MapRegistering();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapRecordings(plan.Options, app.Services.GetRequiredService<IChannelHost>(), environment.Time);
        app.MapTags(app.Services.GetRequiredService<TagKeeper>(), environment.Time);
        app.MapPages(plan.Options.PagesPath);
        app.Services.GetRequiredService<WarmUp>().Use(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerPlan plan, ApplicationEnvironment environment)
    {
        services.AddRoutingCore();
        services.AddAccess(plan.Options.Api);
        services.AddSingleton<WarmUp>();
        services.AddSingleton<IServer, RetryingHttpServer>();
        services.AddSingleton(environment.Time);
        services.AddSingleton(plan);
        services.AddSingleton(plan.Options);
        services.AddSingleton(provider => new TagKeeper(plan.Options.AvroPath, plan.Options.Tags, null, environment.Time, provider.GetRequiredService<ILogger<TagKeeper>>()));
        services.AddSingleton(provider => environment.Channels(plan.Options, environment.Time, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<RejectReport>();
        services.AddLive();
        services.AddSingleton(provider => new StorageSpace(plan.Options.AvroPath, provider.GetRequiredService<ILogger<StorageSpace>>()));
        services.AddSingleton(provider => new ServerMeter(provider.GetRequiredService<StorageSpace>(), () => provider.GetRequiredService<IChannelHost>().Channels, () => provider.GetRequiredService<TagKeeper>().Totals, provider.GetRequiredService<RefusedRequests>()));
        services.AddHostedService<TagsRunner>();
        services.AddSingleton<ScrapeEndpoint>();
        services.AddRegistering();
        services.AddDescription();
        services.AddSingleton<Registrar>();
        services.AddSingleton<Reload>();
        services.AddSingleton<ChannelsService>();
        services.AddHostedService(provider => provider.GetRequiredService<ChannelsService>());
        services.AddHostedService<FaultReporter>();
        services.AddHostedService<SummaryService>();
        if (plan.Demo)
            services.AddHostedService<DemoService>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = plan.Options.DrainFor + StopMargin);
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
    }

    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration, ILoggerProvider? log)
    {
        // No log line for every scrape. The section Logging is read later and can change this.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection(LogLevels.Section));
        // The host logs an exception of StartAsync with its stack trace. The application reports it in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (log is not null)
        {
            logging.AddProvider(log);
            return;
        }
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        // A terminal that was paused with Ctrl-S must not block the server.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }
}
