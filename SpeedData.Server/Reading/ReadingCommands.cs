using System.CommandLine;

namespace SpeedData.Server.Reading;

/// <summary>Defines the commands that read recordings: arguments and help.</summary>
internal static class ReadingCommands
{
    private const string ExportDescription = """
        Writes recordings as csv, jsonl, parquet, arrow, hdf5, mcap or avro. It changes no archive and works while the server records.

        Times: 2026-11-26T14:02:10Z, 14:02:10 (local), -10min, now, or Unix nanoseconds; with --run also +30s from the run's start. A range is
        from <= t < to by receive time, or by device time with --clock device.

          SpeedData.Server export --channel engine --from 14:02:10 --to 14:03:40 --output engine.csv
          SpeedData.Server export data --channel engine --run last --fields rpm,temp.* --output engine.parquet

        Exit codes: 0 written, 64 command line wrong, 66 nothing to read, 73 not written, 130 interrupted.
        """;

    internal static Argument<string?> Path => new("PATH") { Description = "A file, a channel's folder or an archive root; by default the configured archive root.", Arity = ArgumentArity.ZeroOrOne };

    internal static Option<string[]> Config => new("--config") { Description = "The server's configuration file.", HelpName = "FILE", AllowMultipleArgumentsPerToken = false };

    internal static Option<string[]> Channels => new("--channel") { Description = "Channels, separated by commas. Optional if there is only one channel below PATH.", HelpName = "A,B" };

    internal static Option<string[]> Pause => new("--pause") { Description = "A run ends when all its channels pause for longer than this: T for all channels, CHANNEL=T for one. Default: Runs:Pause of the configuration, else the greater of 5 s and ten median intervals.", HelpName = "[CHANNEL=]T" };

    internal static Option<bool> Json => new("--json") { Description = "Answer with one JSON document." };

    public static Command Export(Func<ExportArguments, CancellationToken, int> run)
    {
        (Argument<string?> path, Option<string[]> config, RangeOptions range) = (Path, Config, new RangeOptions());
        Option<string[]> channel = Channels;
        var fields = new Option<string[]>("--fields") { Description = "Signals. Use dots for fields of nested records and * for any text.", HelpName = "a,b.c" };
        var every = new Option<long>("--every") { Description = "Only each Nth record.", HelpName = "N", DefaultValueFactory = _ => 1 };
        every.Validators.Add(given => Demand(given, given.GetValueOrDefault<long>() >= 1, "'--every' is 1 or more"));
        var points = new Option<int?>("--max-points") { Description = "At most N rows of minimum, maximum, mean and count.", HelpName = "N" };
        points.Validators.Add(given => Demand(given, given.GetValueOrDefault<int?>() is null or >= 1, "'--max-points' is 1 or more"));
        var align = new Option<string?>("--align") { Description = "One row each T, of all channels together: the last value of each signal.", HelpName = "T" };
        var arrays = new Option<string[]>("--array-columns") { Description = "The first N items of an array as columns NAME.0 to NAME.N-1.", HelpName = "NAME=N" };
        var unit = new Option<string?>("--time-unit") { Description = "The unit of time in parquet: us (the default, which every reader supports) or ns.", HelpName = "us|ns" };
        unit.AcceptOnlyFromAmong("us", "ns");
        var format = new Option<string?>("--format") { Description = "csv, jsonl, json, parquet, arrow, hdf5, mcap or avro; by default the output's extension decides.", HelpName = "FORMAT" };
        var output = new Option<string>("--output") { Description = "A file, a folder for one file per channel, or - for standard output.", HelpName = "FILE|DIR|-", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite an existing file." };
        var lossy = new Option<bool>("--lossy") { Description = "Write values that the format cannot hold as text." };
        // The server passes archives without records for channels that have recorded nothing.
        var also = new Option<string[]>("--also") { Hidden = true };
        var command = new Command("export", ExportDescription) { path, config, channel, fields, every, points, align, arrays, unit, format, output, force, lossy, also };
        range.AddTo(command);
        command.SetAction((parsed, stop) => Task.FromResult(run(new ExportArguments(
            new PlaceArguments(parsed.GetValue(path), parsed.GetValue(config) ?? []),
            Split(parsed.GetValue(channel)),
            range.Of(parsed),
            Split(parsed.GetValue(fields)),
            parsed.GetValue(every),
            parsed.GetValue(points),
            parsed.GetValue(align),
            Split(parsed.GetValue(arrays)),
            parsed.GetValue(unit) == "ns",
            parsed.GetValue(format),
            parsed.GetValue(output)!,
            parsed.GetValue(force),
            parsed.GetValue(lossy),
            parsed.GetValue(also) ?? []), stop)));
        return command;
    }

    public static Command List(Func<ListArguments, CancellationToken, int> run)
    {
        (Argument<string?> path, Option<string[]> config, Option<bool> json) = (Path, Config, Json);
        Option<string[]> pause = Pause;
        var by = new Option<string?>("--by") { Description = "channel: list the channels of each run, too.", HelpName = "channel" };
        by.AcceptOnlyFromAmong("channel");
        var command = new Command("ls", "Lists the runs that were recorded, and what they lost.") { path, config, pause, by, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new ListArguments(new PlaceArguments(parsed.GetValue(path), parsed.GetValue(config) ?? []), Split(parsed.GetValue(pause)), parsed.GetValue(by) is not null, parsed.GetValue(json)), stop)));
        return command;
    }

    public static Command Info(Func<InfoArguments, CancellationToken, int> run)
    {
        (Argument<string?> path, Option<string[]> config, Option<bool> json) = (Path, Config, Json);
        var command = new Command("info", "Shows the schema, units, time span, size and codec of a file or channel.") { path, config, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new InfoArguments(new PlaceArguments(parsed.GetValue(path), parsed.GetValue(config) ?? []), parsed.GetValue(json)), stop)));
        return command;
    }

    public static Command Check(Func<CheckArguments, CancellationToken, int> run)
    {
        var files = new Argument<string[]>("FILE") { Description = "Configuration files, in their order.", Arity = ArgumentArity.OneOrMore };
        Option<bool> json = Json;
        var command = new Command("check", "Checks a configuration without starting anything; exit code 0 or 78.") { files, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new CheckArguments(parsed.GetValue(files)!, parsed.GetValue(json)), stop)));
        return command;
    }

    private static void Demand(System.CommandLine.Parsing.SymbolResult given, bool isRight, string why)
    {
        if (!isRight)
            given.AddError(why);
    }

    internal static string[] Split(string[]? lists) => [.. (lists ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
