using System.CommandLine;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Rescuing;

/// <summary>The arguments of rescue.</summary>
internal sealed record RescueArguments(IReadOnlyList<string> Files, string Schema, string? SchemaRoot, string? Channel, bool TakesDenied, string Output, bool Json);

/// <summary>Defines the command rescue: arguments and help.</summary>
internal static class RescueCommand
{
    private const string Description = """
        Turns refused datagrams that were kept (files *.rejected.avro) into archives, with their receive times and senders, as if the
        channel had had the right schema when they arrived. It does not change the files of refused datagrams.

          SpeedData.Server rescue data/engine/engine-20261126T140210.000000Z.rejected.avro --schema new.avsc --output rescued
          SpeedData.Server rescue data/engine --schema new.avsc --output rescued

        Exit codes: 0 all rescued, 3 some do not match the schema, were left out or had not been kept, 64 command line wrong, 66 nothing to
        read, 73 not written, 130 interrupted.
        """;

    public static Command Create(Func<RescueArguments, CancellationToken, int> run)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files of refused datagrams, or a channel's folder with such files.", Arity = ArgumentArity.OneOrMore };
        var schema = new Option<string>("--schema") { Description = "The schema of the datagrams: an .avsc file, or a folder of such files.", HelpName = "FILE", Required = true };
        var root = new Option<string?>("--schema-root") { Description = "If --schema is a folder: the file in it that contains the record.", HelpName = "NAME" };
        var channel = new Option<string?>("--channel") { Description = "The channel of the archives; by default the channel that refused the datagrams.", HelpName = "NAME" };
        var denied = new Option<bool>("--denied") { Description = "Include datagrams from senders that were not allowed." };
        var output = new Option<string>("--output") { Description = "The archive root to write to: the channel gets a folder in it.", HelpName = "DIR", Required = true };
        Option<bool> json = ReadingCommands.Json;
        var command = new Command("rescue", Description) { files, schema, root, channel, denied, output, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new RescueArguments(
            parsed.GetValue(files)!,
            parsed.GetValue(schema)!,
            parsed.GetValue(root),
            parsed.GetValue(channel),
            parsed.GetValue(denied),
            parsed.GetValue(output)!,
            parsed.GetValue(json)), stop)));
        return command;
    }
}
