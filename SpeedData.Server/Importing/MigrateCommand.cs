using System.CommandLine;
using SpeedData.Core.Export;

namespace SpeedData.Server.Importing;

/// <summary>The arguments of migrate.</summary>
internal sealed record MigrateArguments(string File, string Output, bool Force);

/// <summary>Defines the command migrate: arguments and help.</summary>
internal static class MigrateCommand
{
    private const string Description = """
        Converts the predecessor's YAML configuration to one for SpeedData. Unknown keys are reported on standard error
        and left out. The result is checked in the same way as at a start.

          SpeedData.Server migrate old.yaml --output speeddata.json

        Exit codes: 0 the result is valid, 64 command line wrong, 66 the file cannot be read, 73 not written, 78 the result has faults that you must fix.
        """;

    public static Command Create(Func<MigrateArguments, int> run)
    {
        var file = new Argument<string>("FILE") { Description = "The YAML file." };
        var output = new Option<string>("--output") { Description = "A JSON file, or - for standard output (the default).", HelpName = "FILE|-", DefaultValueFactory = _ => OutputFile.Standard };
        var force = new Option<bool>("--force") { Description = "Overwrite an existing file." };
        var command = new Command("migrate", Description) { file, output, force };
        command.SetAction((parsed, _) => Task.FromResult(run(new MigrateArguments(parsed.GetValue(file)!, parsed.GetValue(output)!, parsed.GetValue(force)))));
        return command;
    }
}
