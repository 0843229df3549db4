using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Registration;
using SpeedData.Core.Tags.Preview;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Tags;

/// <summary>Runs the command retention: shows what the next round would delete, and why.</summary>
internal static class RetentionCommand
{
    private const string Description = """
        Shows what the next round of retention would delete, in which order and why, and which files stay although they are due. It
        changes nothing.

        Exit codes: 0 shown, 64 command line wrong, 78 the configuration is wrong.
        """;

    public static Command Create(Func<IReadOnlyList<string>, bool, int> run)
    {
        (Option<string[]> config, Option<bool> json) = (ReadingCommands.Config, ReadingCommands.Json);
        var dryRun = new Option<bool>("--dry-run") { Description = "Show only, delete nothing. Required: only a server deletes.", Required = true };
        dryRun.Validators.Add(given =>
        {
            if (!given.GetValueOrDefault<bool>())
                given.AddError("'--dry-run' is required: only a server deletes");
        });
        var command = new Command("retention", Description) { dryRun, config, json };
        command.SetAction((parsed, _) => Task.FromResult(run(parsed.GetValue(config) ?? [], parsed.GetValue(json))));
        return command;
    }

    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> files, bool json, ApplicationEnvironment environment) => ReadingFaults.Told(environment, () =>
    {
        ConfigurationSources sources = ConfigurationFiles.Load(files, []);
        ConfigurationResult result = ConfigurationReader.Read(sources, new ConfigurationProbes { Schema = (_, _) => new SchemaVerdict([], []) });
        if (result.Options is not { } options)
        {
            environment.Error.Write(ConfigurationReport.Render(result.Faults));
            return ExitCode.Configuration;
        }

        var folder = new ChannelsFolder(options);
        Lineup lineup = Lineup.Of(sources, options);
        if (folder.Lack() is { } lack)
            PlainText.Write(environment.Error, [$"SpeedData.Server: without registered channels: {lack}"]);
        else
            lineup = LoadedFiles.Add(lineup, folder.ReadAll(), environment.Time, NullLogger.Instance);
        PlainText.Write(environment.Error, lineup.Broken.Values.Select(broken => $"SpeedData.Server: without {broken.Name}, which no server starts: {broken.Why}"));
        RetentionPreview preview = RetentionPreview.Make(options.AvroPath, [.. lineup.Channels], options.Tags, environment.Time);
        if (json)
            environment.Output.WriteLine(JsonSerializer.Serialize(preview, RetentionJson.Default.RetentionPreview));
        else
            PlainText.Write(environment.Output, Lines(preview));
        return ExitCode.Ok;
    });

    private static IEnumerable<string> Lines(RetentionPreview preview)
    {
        foreach (PreviewedChannel channel in preview.Channels)
        {
            yield return $"{channel.Channel}: {channel.Files:N0} files, {SizeText.Approximate(channel.Bytes)}{(channel.InTags > 0 ? $", of which tags keep {SizeText.Approximate(channel.InTags)}" : "")}{(channel.Fault is { } fault ? $"; {fault}" : "")}";
            foreach (PreviewedFile file in preview.Deletions.Where(file => file.Channel == channel.Channel))
                yield return $"    delete  {file.File}  {SizeText.Approximate(file.Bytes)}  {file.Why}{(file.Tags.Count > 0 ? $"; stays in {string.Join(", ", file.Tags)}" : "")}";
            foreach (PreviewedFile file in preview.Staying.Where(file => file.Channel == channel.Channel))
                yield return $"    stays   {file.File}  {SizeText.Approximate(file.Bytes)}  {file.Why}";
        }

        yield return $"{preview.Deletions.Count:N0} files ({SizeText.Approximate(preview.Deletions.Sum(file => file.Bytes))}) would be deleted";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RetentionPreview))]
internal sealed partial class RetentionJson : JsonSerializerContext;
