using System.CommandLine;
using System.CommandLine.Parsing;
using SpeedData.Core.Inspect;

namespace SpeedData.Server.Inspect;

/// <summary>The arguments of verify and repair.</summary>
/// <param name="Paths">Files and folders.</param>
/// <param name="Json">Whether to print one JSON document.</param>
/// <param name="Counter">verify: the counter field to check; null for none.</param>
/// <param name="Output">repair: the folder for the results.</param>
/// <param name="Schema">repair: the schema of files whose header is damaged; null for none.</param>
internal sealed record InspectArguments(IReadOnlyList<string> Paths, bool Json, CounterOptions? Counter = null, string? Output = null, string? Schema = null);

/// <summary>Defines the commands verify and repair: arguments and help.</summary>
internal static class InspectCommands
{
    private const string VerifyDescription = """
        Verifies Avro container files (SpeedData's, and those of any other writer): framing, data, every record against the schema in the
        file, and, if the file has an index (.idx), the checksum of every block. Only reads; may run while the server runs.

        Exit codes: 0 clean, 1 with findings, 64 command line wrong, 66 a path is missing, 130 interrupted.
        """;

    private const string RepairDescription = """
        Writes repaired copies: whole blocks unchanged, and every whole record of damaged blocks. It never changes or overwrites a file,
        and it verifies what it wrote. New indexes keep what the old ones contain. A damaged header is restored from the index, from
        --schema FILE, or from another file in the same folder.

        Exit codes: 0 nothing lost, 3 something was lost, 64 command line wrong, 66 a path is missing, 73 a result cannot be written,
        130 interrupted.
        """;

    private static Argument<string[]> Paths()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files, or folders with .avro and .avro.part files, at any depth.",
            Arity = ArgumentArity.OneOrMore,
        };
        // The parser treats a misspelt option as one more path.
        paths.Validators.Add(given =>
        {
            foreach (Token token in given.Tokens.Where(token => token.Value.StartsWith('-')))
                given.AddError($"'{token.Value}' is not an option; see --help (write a path that begins with a dash as ./{token.Value})");
        });
        return paths;
    }

    private static Option<bool> Json => new("--json") { Description = "Answer with one JSON document." };

    public static Command Verify(Func<InspectArguments, CancellationToken, int> run)
    {
        (Argument<string[]> paths, Option<bool> json) = (Paths(), Json);
        var counter = new Option<string>("--counter") { Description = "An int or long field that counts; gaps, duplicates, late values and restarts are findings.", HelpName = "FIELD" };
        var step = new Option<long>("--step") { Description = "How much the counter increases with each record.", HelpName = "N", DefaultValueFactory = _ => 1 };
        step.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && long.TryParse(token.Value, out long value) && value == 0)
                given.AddError("'--step' must not be 0");
        });
        var command = new Command("verify", VerifyDescription) { paths, counter, step, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new InspectArguments(
            parsed.GetValue(paths)!,
            parsed.GetValue(json),
            parsed.GetValue(counter) is { } field ? new CounterOptions(field, parsed.GetValue(step)) : null), stop)));
        return command;
    }

    public static Command Repair(Func<InspectArguments, CancellationToken, int> run)
    {
        (Argument<string[]> paths, Option<bool> json) = (Paths(), Json);
        var output = new Option<string>("--output") { Description = "The folder for the results; created if it is missing.", HelpName = "DIR", Required = true };
        var schema = new Option<string?>("--schema") { Description = "The schema of files whose header is damaged, if neither their index nor another file in the folder has it.", HelpName = "FILE" };
        var command = new Command("repair", RepairDescription) { paths, output, schema, json };
        command.SetAction((parsed, stop) => Task.FromResult(run(new InspectArguments(parsed.GetValue(paths)!, parsed.GetValue(json), Output: parsed.GetValue(output), Schema: parsed.GetValue(schema)), stop)));
        return command;
    }
}
