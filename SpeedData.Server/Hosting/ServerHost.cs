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

/// <summary>What a server is made of.</summary>
/// <param name="Options">Its channels.</param>
/// <param name="Configuration">For what is not SpeedData's own: <c>Logging</c>.</param>
/// <param name="Urls">Where HTTP is served.</param>
/// <param name="Demo">Whether the signal generator runs.</param>
/// <param name="RequireHttp">Whether the process ends where HTTP cannot be served.</param>
internal sealed record ServerPlan(SpeedDataOptions Options, IConfiguration Configuration, string[] Urls, bool Demo, bool RequireHttp = false)
{
    /// <summary>Where <see cref="Configuration"/> was read from; null for nowhere.</summary>
    public ConfigurationSources? Sources { get; init; }

    /// <summary>Reads the configuration again; null where there is nothing to read.</summary>
    public Func<WholeConfiguration>? Reread { get; init; }
}

/// <summary>
/// Builds the server. Nothing comes in by default: no file is watched, and only the plan's settings are read.
/// </summary>
internal static class ServerHost
{
    /// <summary>Time for all that stops besides the channels.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    public static WebApplication Build(ServerPlan plan, ApplicationEnvironment environment)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (ListenUrls.AnyIsEncrypted(plan.Urls))
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Configure(Encryption(plan.Configuration)));
        AddLogging(builder.Logging, plan.Configuration, environment.Log);
        AddServices(builder.Services, plan, environment);
        WebApplication app = builder.Build();
        // Made here so that the container ends it with the server.
        app.Services.GetRequiredService<ServerMeter>();
        app.MapSpeedData(app.Services.GetRequiredService<IChannelHost>(), app.Services.GetRequiredService<RejectReport>());
        app.MapLive();
        app.MapRegistering();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapRecordings(plan.Options, app.Services.GetRequiredService<IChannelHost>(), environment.Time);
        app.MapTags(app.Services.GetRequiredService<TagKeeper>(), environment.Time);
        app.MapPages(plan.Options.PagesPath);
        app.Lifetime.ApplicationStarted.Register(() => WarmUp.Begin(app));
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerPlan plan, ApplicationEnvironment environment)
    {
        services.AddRoutingCore();
        services.AddAccess(plan.Options.Api);
        services.AddSingleton<IServer, RetryingHttpServer>();
        services.AddSingleton(environment.Time);
        services.AddSingleton(plan);
        services.AddSingleton(plan.Options);
        services.AddSingleton(provider => new TagKeeper(plan.Options.AvroPath, plan.Options.Tags, null, environment.Time, provider.GetRequiredService<ILogger<TagKeeper>>()));
        services.AddSingleton(provider => environment.Channels(plan.Options, environment.Time, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<RejectReport>();
        services.AddLive();
        services.AddSingleton(provider => new ServerMeter(plan.Options.AvroPath, () => provider.GetRequiredService<IChannelHost>().Channels, () => provider.GetRequiredService<TagKeeper>().Totals, provider.GetRequiredService<RefusedRequests>(), provider.GetRequiredService<ILogger<StorageSpace>>()));
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

    /// <summary>Kestrel's own keys without its endpoints, which are in <c>Urls</c>.</summary>
    private static IConfigurationRoot Encryption(IConfiguration configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection("Kestrel").AsEnumerable(makePathsRelative: true).Where(key => !key.Key.StartsWith("Endpoints", StringComparison.OrdinalIgnoreCase)))
        .Build();

    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration, ILoggerProvider? log)
    {
        // A log line for every scrape says nothing. The section Logging, which is read later, may change that.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection(LogLevels.Section));
        // It logs what StartAsync throws, stack trace and all; the application tells the same in one line.
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
        // A terminal that is held with Ctrl-S must not stop the server.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }
}
