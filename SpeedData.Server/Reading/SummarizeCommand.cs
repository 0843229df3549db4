using System.CommandLine;
using SpeedData.Core.Reading.Summaries;
using SpeedData.Server.CommandLine;

namespace SpeedData.Server.Reading;

/// <summary>Defines and runs the hidden command that makes missing summaries. The server runs it every ten minutes.</summary>
internal static class SummarizeCommand
{
    public const string Name = "summarize";

    // The most bytes that one run reads. Every ten minutes, that is half a megabyte a second.
    private const long MostBytes = 256 << 20;

    public static Command Create(Func<PlaceArguments, CancellationToken, int> run)
    {
        (Argument<string?> path, Option<string[]> config) = (ReadingCommands.Path, ReadingCommands.Config);
        var command = new Command(Name, "Makes missing summaries. The server runs this every ten minutes.") { path, config };
        command.Hidden = true;
        command.SetAction((parsed, stop) => Task.FromResult(run(new PlaceArguments(parsed.GetValue(path), parsed.GetValue(config) ?? []), stop)));
        return command;
    }

    /// <returns>The exit code.</returns>
    public static int Run(PlaceArguments place, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        FileSummaries.Keep(ReadPlace.Find(place), MostBytes, stop);
        return ExitCode.Ok;
    });
}
