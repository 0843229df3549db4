using System.CommandLine;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Importing;

/// <summary>The arguments of import.</summary>
internal sealed record ImportArguments(string Path, IReadOnlyList<string> Channels, IReadOnlyList<string> Schemas, string Output, bool Json);

/// <summary>Defines the command import: arguments and help.</summary>
internal static class ImportCommand
{
    private const string Description = """
        Reads the records of the predecessor's files, which have no header, and writes them to archives with an index. Damage is
        skipped and reported. With several schemas each record belongs to the schema that it fits; a record that fits several is left out.
        If several files contain the same record, only the first is imported.

          SpeedData.Server import old/engine.avro --channel engine --schema engine.avsc --output data
          SpeedData.Server import old --channel engine,brake --schema engine.avsc brake.avsc --output data

        Exit codes: 0 all imported, 3 something was lost, 64 command line wrong, 66 nothing to read, 73 not written, 130 interrupted.
        """;

    public static Command Create(Func<ImportArguments, CancellationToken, int> run)
    {
        var path = new Argument<string>("PATH") { Description = "A file, or a folder with *.avro files in it or below it." };
        var channel = new Option<string[]>("--channel") { Description = "The channel that receives the records. With several schemas: one channel for all of them, or one for each.", HelpName = "NAME", Required = true };
        var schema = new Option<string[]>("--schema") { Description = "The schemas that the records may have.", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--output") { Description = "The archive root to write to: each channel gets a folder in it.", HelpName = "DIR", Required = true };
        Option<bool> json = ReadingCommands.Json;
        var command = new Command("import", Description) { path, channel, schema, output, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new ImportArguments(
            parsed.GetValue(path)!,
            ReadingCommands.Split(parsed.GetValue(channel)),
            parsed.GetValue(schema)!,
            parsed.GetValue(output)!,
            parsed.GetValue(json)), stop)));
        return command;
    }
}
