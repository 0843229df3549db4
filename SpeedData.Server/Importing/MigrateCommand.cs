using System.CommandLine;
using SpeedData.Core.Export;

namespace SpeedData.Server.Importing;

/// <summary>What migrate was asked for.</summary>
internal sealed record MigrateArguments(string File, string Output, bool Force);

/// <summary>The subcommand migrate: its arguments and its help.</summary>
internal static class MigrateCommand
{
    private const string Description = """
        Turns the predecessor's YAML configuration into one of SpeedData. Each key that it does not know is named on standard error
        and left out; the result is checked as a start would check it.

          SpeedData.Server migrate old.yaml --output speeddata.json

        Exit codes: 0 the result is right, 64 command line wrong, 66 the file cannot be read, 73 not written, 78 the result needs a hand.
        """;

    public static Command Create(Func<MigrateArguments, int> run)
    {
        var file = new Argument<string>("FILE") { Description = "The YAML file." };
        var output = new Option<string>("--output") { Description = "A JSON file, or - for standard output (the default).", HelpName = "FILE|-", DefaultValueFactory = _ => OutputFile.Standard };
        var force = new Option<bool>("--force") { Description = "Overwrite a file that is there." };
        var command = new Command("migrate", Description) { file, output, force };
        command.SetAction((parsed, _) => Task.FromResult(run(new MigrateArguments(parsed.GetValue(file)!, parsed.GetValue(output)!, parsed.GetValue(force)))));
        return command;
    }
}
