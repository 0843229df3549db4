using System.CommandLine;
using System.Runtime;
using System.Runtime.InteropServices;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Native;
using SpeedData.Core.Schema;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;
using SpeedData.Server.Importing;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;
using SpeedData.Server.Registration;
using SpeedData.Server.Replaying;
using SpeedData.Server.Rescuing;
using SpeedData.Server.Tags;

namespace SpeedData.Server;

/// <summary>Runs the command line and returns the exit code.</summary>
public static class Application
{
    /// <summary>Runs the server until it is stopped, or a subcommand until it ends.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, ApplicationEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        RootCommand command = ServerCommand.Build(
            (arguments, _) => CheckedAsync(arguments, environment, () => ServeAsync(arguments, environment)),
            (arguments, ready, _) => CheckedAsync(arguments, environment, () => AskAsync(arguments, environment, ExitCode.Unhealthy, server => Healthcheck.AskAsync(server, ready, environment.Output, environment.Stop))),
            (arguments, request, _) => CheckedAsync(arguments, environment, () => AskAsync(arguments, environment, ExitCode.Configuration, server => ReloadRun.AskAsync(server, request, environment))));
        command.Add(ReadingCommands.Check((arguments, _) => CheckRun.Run(arguments, environment)));
        command.Add(ReadingCommands.List((arguments, _) => Interruptible(environment, stop => ListRun.Run(arguments, environment, stop))));
        command.Add(ReadingCommands.Info((arguments, _) => Interruptible(environment, stop => InfoRun.Run(arguments, environment, stop))));
        command.Add(ReadingCommands.Export((arguments, _) => Interruptible(environment, stop => ExportRun.Run(arguments, environment, stop))));
        command.Add(SummarizeCommand.Create((place, _) => Interruptible(environment, stop => SummarizeCommand.Run(place, environment, stop))));
        command.Add(PivotCommand.Create((arguments, _) => Interruptible(environment, stop => PivotRun.Run(arguments, environment, stop))));
        command.Add(ReplayCommand.Create((arguments, _) => Interruptible(environment, stop => ReplayRun.Run(arguments, environment, stop))));
        command.Add(ImportCommand.Create((arguments, _) => Interruptible(environment, stop => ImportRun.Run(arguments, environment, stop))));
        command.Add(RescueCommand.Create((arguments, _) => Interruptible(environment, stop => RescueRun.Run(arguments, environment, stop))));
        command.Add(MigrateCommand.Create(arguments => MigrateRun.Run(arguments, environment)));
        command.Add(InspectCommands.Verify((arguments, _) => Interruptible(environment, stop => VerifyRun.Run(arguments, environment, stop))));
        command.Add(InspectCommands.Repair((arguments, _) => Interruptible(environment, stop => RepairRun.Run(arguments, environment, stop))));
        command.Add(TagCommands.Create((arguments, _) => Interruptible(environment, stop => TagRun.Run(arguments, environment, stop))));
        command.Add(RetentionCommand.Create((files, json) => RetentionCommand.Run(files, json, environment)));
        // Only the first argument can be a command. Later on, a command's name may be the value of a key.
        if (args.Length > 0 && command.Subcommands.All(known => known.Name != args[0]) && args[0] is not ("-h" or "--help" or "-?" or "--version"))
            command = ServerCommand.WithoutCommands(command);
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
            return Tell(environment, ExitCode.Usage, parsed.Errors.Select(e => e.Message));
        // The server takes unknown arguments as configuration keys, so the parser accepts them for every command.
        if (parsed.CommandResult.Command.TreatUnmatchedTokensAsErrors && parsed.UnmatchedTokens.Count > 0)
            return Tell(environment, ExitCode.Usage, parsed.UnmatchedTokens.Select(token => $"'{token}' is not an argument of {parsed.CommandResult.Command.Name}; see {parsed.CommandResult.Command.Name} --help"));
        try
        {
            // The host handles signals. The parser's own handling would end the process after two seconds.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = environment.Output, Error = environment.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                environment.Stop);
        }
        catch (Exception e)
        {
            return Tell(environment, ExitCode.Unexpected, [$"unexpected: {e}"]);
        }
    }

    private static Task<int> CheckedAsync(ServerArguments arguments, ApplicationEnvironment environment, Func<Task<int>> action)
    {
        IReadOnlyList<string> faults = Overrides.Check(arguments.Overrides);
        return faults.Count > 0 ? Task.FromResult(Tell(environment, ExitCode.Usage, faults)) : action();
    }

    /// <summary>Runs a command that has no host to handle signals. If the command is stopped, it deletes unfinished output.</summary>
    private static int Interruptible(ApplicationEnvironment environment, Func<CancellationToken, int> action)
    {
        // Concurrent collection needs more memory than a small heap limit allows. Only the server has threads that must not wait.
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(environment.Stop);
        using var others = new OtherSignals(environment.HasControllingTerminal, stop.Cancel);
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        try
        {
            return action(stop.Token);
        }
        catch (OperationCanceledException)
        {
            return Tell(environment, ExitCode.Interrupted, ["interrupted"]);
        }
    }

    private static async Task<int> ServeAsync(ServerArguments arguments, ApplicationEnvironment environment)
    {
        if (Platform.Lack is { } lack)
            return Tell(environment, ExitCode.Unavailable, [lack]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(environment.Stop);
        using var signals = new OtherSignals(environment.HasControllingTerminal, stop.Cancel);
        WholeConfiguration Reread() => WholeConfiguration.Read(arguments.ConfigFiles, arguments.Overrides, arguments.Demo);
        WholeConfiguration read = Reread();
        if (read.Options is not { } options)
        {
            await environment.Error.WriteAsync(ConfigurationReport.Render([.. read.Faults]));
            return ExitCode.Configuration;
        }
        environment.BeforeServing();
        if (options.Channels.Count == 0 || options.Channels.Any(channel => channel.Archive.Enabled))
            CompileAhead.Begin();
        var plan = new ServerPlan(options, read.Sources.Configuration, read.Urls, arguments.Demo, arguments.RequireHttp) { Sources = read.Sources, Reread = Reread };
        await using WebApplication app = ServerHost.Build(plan, environment);
        foreach (ConfigurationWarning warning in read.Warnings)
            app.Logger.LogWarning("{Warning}", warning);
        Reload reload = app.Services.GetRequiredService<Reload>();
        signals.HungUp = () => Task.Run(reload.OnSignalAsync);
        signals.Ignored = signal => app.Logger.LogInformation("{Signal} is ignored", signal);
        return await RunUntilStoppedAsync(app, environment, stop.Token);
    }

    private static async Task<int> RunUntilStoppedAsync(WebApplication app, ApplicationEnvironment environment, CancellationToken stop)
    {
        try
        {
            // A stop during the start is handled below: the channels are drained.
            await app.StartAsync(CancellationToken.None);
        }
        catch (Exception e) when (ListenUrls.BindFailure(e) is { } reason)
        {
            return Tell(environment, ExitCode.Unavailable, [$"{ListenUrls.Key}: cannot listen: {reason}"]);
        }
        environment.Listening?.Invoke([.. app.Urls]);
        await app.WaitForShutdownAsync(stop);
        return app.Services.GetRequiredService<ChannelsService>().IsDrained ? ExitCode.Ok : ExitCode.DrainTimedOut;
    }

    /// <summary>Sends a request to the server that runs with the same configuration.</summary>
    private static async Task<int> AskAsync(ServerArguments arguments, ApplicationEnvironment environment, int whenWrong, Func<RunningServer, Task<int>> ask)
    {
        ConfigurationSources sources = ConfigurationFiles.Load(arguments.ConfigFiles, arguments.Overrides);
        string[] urls = ListenUrls.Read(sources.Configuration, out ConfigurationFault? fault);
        // If the file cannot be read, the request would go to the default address: to another server, or to none.
        IReadOnlyList<ConfigurationFault> faults = [.. sources.Faults, .. new[] { fault }.OfType<ConfigurationFault>()];
        if (faults.Count > 0)
            return Tell(environment, whenWrong, faults.Select(f => f.ToString()));
        using var server = new RunningServer(urls[0], sources);
        return await ask(server);
    }

    internal static SchemaVerdict Judge(string path, string? root)
    {
        try
        {
            RecordSchema schema = RecordSchema.Load(path, root);
            return new SchemaVerdict([], schema.Warnings) { TimeFields = [.. TimeField.Candidates(schema.Layout)], FixedSize = schema.Layout.FixedSize };
        }
        catch (SchemaException e)
        {
            return new SchemaVerdict([e.Message], []);
        }
    }

    private static int Tell(ApplicationEnvironment environment, int exitCode, IEnumerable<string> lines)
    {
        try
        {
            foreach (string line in lines)
                environment.Error.WriteLine($"SpeedData.Server: {line}");
        }
        catch (IOException)
        {
            // The terminal is closed, so nobody can read the message.
        }
        return exitCode;
    }
}
