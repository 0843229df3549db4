using System.CommandLine;

namespace SpeedData.Server.Reading;

/// <summary>The arguments of pivot.</summary>
internal sealed record PivotArguments(string Root, IReadOnlyList<string> Channels, long FromNs, long ToNs, IReadOnlyList<string> Signals, string Output);

/// <summary>Defines the hidden command pivot, which the server runs for <c>/api/v1/pivot/export</c>. People use export.</summary>
internal static class PivotCommand
{
    public static Command Create(Func<PivotArguments, CancellationToken, int> run)
    {
        var root = new Argument<string>("PATH");
        Option<string[]> channel = new("--channel") { Required = true }, signal = new("--signal");
        Option<long> from = new("--from") { Required = true }, to = new("--to") { Required = true };
        var output = new Option<string>("--output") { Required = true };
        var command = new Command("pivot", "Writes channels in the predecessor's HDF5 layout.") { root, channel, from, to, signal, output };
        command.Hidden = true;
        command.SetAction((parsed, stop) => Task.FromResult(run(new PivotArguments(
            parsed.GetValue(root)!,
            parsed.GetValue(channel)!,
            parsed.GetValue(from),
            parsed.GetValue(to),
            parsed.GetValue(signal) ?? [],
            parsed.GetValue(output)!), stop)));
        return command;
    }
}
