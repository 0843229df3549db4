using System.CommandLine;

namespace SpeedData.Server.CommandLine;

/// <summary>The arguments of the server.</summary>
/// <param name="ConfigFiles">Files given with <c>--config</c>, in order.</param>
/// <param name="Overrides">Tokens for the command-line configuration provider.</param>
/// <param name="Demo">Whether the signal generator runs.</param>
/// <param name="RequireHttp">Whether the process ends if HTTP cannot be served.</param>
internal sealed record ServerArguments(IReadOnlyList<string> ConfigFiles, string[] Overrides, bool Demo = false, bool RequireHttp = false);

/// <summary>The arguments of reload.</summary>
internal sealed record ReloadRequest(bool DryRun, bool Json);

/// <summary>Defines the command line: options, subcommands, help.</summary>
internal static class ServerCommand
{
    private const string Description = """
        Records UDP telemetry, one Avro record per datagram, to Avro files and relays it by multicast. Runs until SIGTERM or Ctrl-C.

        Configuration: section "SpeedData" of a JSON file. A single key can also be given as --Key Value or --Key=Value, or as
        an environment variable with __ for the colon. The command line overrides the others:
          SpeedData.Server --config lab.json --Urls http://127.0.0.1:9000 --SpeedData:Storage:AvroPath /var/lib/speeddata
          SpeedData__Channels__0__Port=26001 SpeedData.Server

        HTTP (key Urls, default http://127.0.0.1:8080):
          /metrics  /health/live  /health/ready  /api/v1/channels  /api/v1/channels/NAME  /api/v1/channels/NAME/rejects  /openapi/v1.json

        Exit codes: 0 stopped, 1 unhealthy (healthcheck; for verify and repair see their --help), 64 command line wrong, 69 address in Urls not available (--require-http),
        70 unexpected error, 75 stopped before everything was written, 78 configuration wrong.
        """;

    /// <summary>Returns a copy of the command without its subcommands.</summary>
    public static RootCommand WithoutCommands(RootCommand command)
    {
        var plain = new RootCommand(command.Description ?? "") { Action = command.Action, TreatUnmatchedTokensAsErrors = false };
        foreach (Option option in command.Options.Where(option => plain.Options.All(own => own.Name != option.Name)))
            plain.Add(option);
        return plain;
    }

    public static RootCommand Build(
        Func<ServerArguments, CancellationToken, Task<int>> run,
        Func<ServerArguments, bool, CancellationToken, Task<int>> healthcheck,
        Func<ServerArguments, ReloadRequest, CancellationToken, Task<int>> reload)
    {
        var config = new Option<string[]>("--config")
        {
            Description = "A configuration file; can be given more than once. Default: $SPEEDDATA_CONFIG, else appsettings.json here, else the one beside the executable.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        config.Validators.Add(given =>
        {
            // If an option is repeated, the parser does not notice that one of them has no value.
            if (given.Tokens.Count < given.IdentifierTokenCount)
                given.AddError("'--config' needs the path of a file each time it is given");
        });
        var demo = new Option<bool>("--demo") { Description = "Send generated signals to the channel 'example' and, if it is configured, to 'engine'." };
        var requireHttp = new Option<bool>("--require-http") { Description = "End with 69 if an address in Urls is not available at start. Without it recording starts, and the address is tried again every second." };
        var ready = new Option<bool>("--ready") { Description = "Ask whether every channel and archive is up, not only whether the process is running." };

        var root = new RootCommand(Description);
        root.Add(config);
        root.Add(demo);
        root.Add(requireHttp);
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction((parsed, stop) => run(new ServerArguments(parsed.GetValue(config) ?? [], [.. parsed.UnmatchedTokens], parsed.GetValue(demo), parsed.GetValue(requireHttp)), stop));

        var check = new Command("healthcheck", "Asks the running server whether it is healthy; exit code 0 or 1.");
        check.Add(config);
        check.Add(ready);
        check.TreatUnmatchedTokensAsErrors = false;
        check.SetAction((parsed, stop) => healthcheck(new ServerArguments(parsed.GetValue(config) ?? [], [.. parsed.UnmatchedTokens]), parsed.GetValue(ready), stop));
        root.Add(check);

        var dryRun = new Option<bool>("--dry-run") { Description = "Report what would change and what each change costs, and change nothing." };
        var json = new Option<bool>("--json") { Description = "Print the server's answer unchanged." };
        var again = new Command("reload", "Makes the running server read its configuration and all registered channels again: everything takes effect, or nothing does. Exit codes: 0 done, 1 refused, 69 the server does not answer, 78 there are faults and nothing was changed.");
        again.Add(config);
        again.Add(dryRun);
        again.Add(json);
        again.TreatUnmatchedTokensAsErrors = false;
        again.SetAction((parsed, stop) => reload(new ServerArguments(parsed.GetValue(config) ?? [], [.. parsed.UnmatchedTokens]), new ReloadRequest(parsed.GetValue(dryRun), parsed.GetValue(json)), stop));
        root.Add(again);
        return root;
    }
}
