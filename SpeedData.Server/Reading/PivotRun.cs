using SpeedData.Core.Export;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>Runs the command pivot. Each channel becomes a group with <c>time</c> and a dataset for each signal.</summary>
internal static class PivotRun
{
    /// <returns>The exit code.</returns>
    public static int Run(PivotArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        var range = new TimeRange(arguments.FromNs, arguments.ToNs);
        IReadOnlyList<RecordedChannel> root = Directory.Exists(arguments.Root) ? ArchiveCatalogue.Find(arguments.Root) : [];
        var channels = new List<ChannelSelection>();
        var empty = new List<string>();
        foreach (string name in arguments.Channels)
        {
            if (root.FirstOrDefault(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } recorded && ChannelSelection.Of(recorded, range) is { Files.Count: > 0 } selection)
                channels.Add(selection);
            else
                empty.Add(name);
        }

        PlainText.Write(environment.Error, [RangeChoice.Text(range, [.. channels])]);
        using OutputFile output = OutputFile.Create(arguments.Output, false, environment.Binary());
        using var held = new HeldFiles(channels, stop);
        held.Reading(stopped => PivotExport.Run(channels, empty, arguments.Signals, output.Stream, stopped));
        output.Keep();
        return ExitCode.Ok;
    });
}
