using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Demo;

namespace SpeedData.Server.Registration;

/// <summary>The configuration with the result of all checks of a start.</summary>
/// <param name="Sources">The files that it was read from.</param>
/// <param name="Options">The options; null if there is any fault.</param>
/// <param name="Urls">The addresses where HTTP is served.</param>
/// <param name="Faults">All faults.</param>
/// <param name="Warnings">All warnings.</param>
internal sealed record WholeConfiguration(
    ConfigurationSources Sources, SpeedDataOptions? Options, string[] Urls, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ConfigurationWarning> Warnings)
{
    /// <summary>The checks of things outside the configuration, such as schema files.</summary>
    public static ConfigurationProbes Probes { get; } = new() { Schema = Application.Judge, SchemaText = JudgeText };

    public static WholeConfiguration Read(IReadOnlyList<string> files, IReadOnlyList<string> overrides, bool demo = false)
    {
        ConfigurationSources sources = ConfigurationFiles.Load(files, overrides);
        ConfigurationResult result = ConfigurationReader.Read(sources, Probes);
        string[] urls = ListenUrls.Read(sources.Configuration, out ConfigurationFault? urlsFault);
        ConfigurationFault? demoFault = demo && result.Options is { } options ? DemoCheck.FaultOf(options) : null;
        ConfigurationFault[] faults = [.. result.Faults, .. new[] { urlsFault, demoFault }.OfType<ConfigurationFault>(), .. LogLevels.Check(sources.Configuration)];
        return new WholeConfiguration(sources, faults.Length == 0 ? result.Options : null, urls, faults, result.Warnings);
    }

    private static SchemaVerdict JudgeText(string text)
    {
        try
        {
            RecordSchema schema = RecordSchema.Parse(text);
            return new SchemaVerdict([], schema.Warnings) { TimeFields = [.. TimeField.Candidates(schema.Layout)] };
        }
        catch (SchemaException e)
        {
            return new SchemaVerdict([e.Message], []);
        }
    }
}
