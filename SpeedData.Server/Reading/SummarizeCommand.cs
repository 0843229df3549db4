using System.CommandLine;
using SpeedData.Core.Reading.Summaries;
using SpeedData.Server.CommandLine;

namespace SpeedData.Server.Reading;

/// <summary>The command that the server runs now and then: makes summaries that are missing.</summary>
internal static class SummarizeCommand
{
    public const string Name = "summarize";

    // Every ten minutes so much is a megabyte of it in two seconds.
    private const long UsualBytes = 256 << 20;

    public static Command Create(Func<PlaceArguments, long, CancellationToken, int> run)
    {
        (Argument<string?> path, Option<string[]> config) = (ReadingCommands.Path, ReadingCommands.Config);
        var most = new Option<long>("--most-bytes") { Description = "Bytes of archives to read at most.", HelpName = "N", DefaultValueFactory = _ => UsualBytes };
        var command = new Command(Name, "Makes the summaries that are missing, which the server has done every ten minutes.") { path, config, most };
        command.Hidden = true;
        command.SetAction((parsed, stop) => Task.FromResult(run(new PlaceArguments(parsed.GetValue(path), parsed.GetValue(config) ?? []), parsed.GetValue(most), stop)));
        return command;
    }

    /// <returns>The exit code.</returns>
    public static int Run(PlaceArguments place, long mostBytes, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        FileSummaries.Keep(ReadPlace.Find(place), mostBytes, stop);
        return ExitCode.Ok;
    });
}
