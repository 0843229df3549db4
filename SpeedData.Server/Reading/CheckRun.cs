using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>A fault in a configuration.</summary>
internal sealed record CheckFindingView(string Key, string? Value, string Why, string? Channel);

/// <summary>The JSON output of check.</summary>
internal sealed record CheckView(bool Valid, IReadOnlyList<CheckFindingView> Findings, IReadOnlyList<string> Warnings);

/// <summary>Runs the command check: reports the same faults and warnings as a start, without starting.</summary>
internal static class CheckRun
{
    /// <returns>The exit code.</returns>
    public static int Run(CheckArguments arguments, ApplicationEnvironment environment)
    {
        ConfigurationSources sources = ConfigurationFiles.Load(arguments.Files, []);
        ConfigurationResult result = ConfigurationReader.Read(sources, new ConfigurationProbes { Schema = Application.Judge });
        ListenUrls.Read(sources.Configuration, out ConfigurationFault? urls);
        ConfigurationFault[] faults = [.. result.Faults, .. urls is null ? [] : (ConfigurationFault[])[urls], .. LogLevels.Check(sources.Configuration)];
        IReadOnlyList<ConfigurationWarning> warnings = result.Warnings;
        if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(new CheckView(faults.Length == 0, [.. faults.Select(fault => new CheckFindingView(fault.Key, fault.Value, fault.Message, fault.Channel))], [.. warnings.Select(warning => warning.ToString())]), ReadingJson.Default.CheckView));
        else
            Write(environment, faults, warnings);
        return faults.Length == 0 ? ExitCode.Ok : ExitCode.Configuration;
    }

    private static void Write(ApplicationEnvironment environment, ConfigurationFault[] faults, IReadOnlyList<ConfigurationWarning> warnings)
    {
        PlainText.Write(environment.Output, warnings.Select(warning => $"warning: {warning}"));
        if (faults.Length > 0)
            environment.Error.Write(ConfigurationReport.Render(faults));
        else
            environment.Output.WriteLine("the configuration is correct");
    }
}
